import type { Texts } from '../texts.ts';
import { type At, type Kind, type Made, plain, record, rows, text } from './kind.ts';

/* If, Filter, and Switch become Condition nodes, in each of their versions. */

/** n8n’s operation as an operator of a rule. */
const OPERATORS: Readonly<Record<string, string>> = {
  equal: 'is',
  equals: 'is',
  notequal: 'is-not',
  notequals: 'is-not',
  contains: 'contains',
  notcontains: 'not-contains',
  startswith: 'starts-with',
  endswith: 'ends-with',
  larger: 'gt',
  gt: 'gt',
  largerequal: 'gte',
  gte: 'gte',
  smaller: 'lt',
  lt: 'lt',
  smallerequal: 'lte',
  lte: 'lte',
  true: 'true',
  false: 'false',
  isempty: 'empty',
  empty: 'empty',
  isnotempty: 'not-empty',
  notempty: 'not-empty',
  exists: 'exists',
  notexists: 'not-exists',
};
/** Operations that rules don’t have. */
const FORMS: Readonly<Record<string, string>> = {
  regex: '$0.matches($1)',
  notregex: '!$0.matches($1)',
  notstartswith: '!$0.startsWith($1)',
  notendswith: '!$0.endsWith($1)',
  after: 'parseDate($0) > parseDate($1)',
  before: 'parseDate($0) < parseDate($1)',
  afterorequals: 'parseDate($0) >= parseDate($1)',
  beforeorequals: 'parseDate($0) <= parseDate($1)',
  lengthequals: 'size($0) == $1',
  lengthgt: 'size($0) > $1',
  lengthlt: 'size($0) < $1',
  lengthgte: 'size($0) >= $1',
  lengthlte: 'size($0) <= $1',
};

interface Test {
  readonly left: unknown;
  readonly operation: string;
  readonly right: unknown;
}

interface Tests {
  readonly tests: readonly Test[];
  readonly isAny: boolean;
}

/** Conditions since version 2 of If and Filter, and version 3 of Switch. */
const modern = (value: unknown): Tests => {
  const { conditions, combinator } = record(value);
  return {
    isAny: combinator === 'or',
    tests: rows(conditions).map(({ leftValue, rightValue, operator }) => ({ left: leftValue, operation: text(record(operator).operation), right: rightValue })),
  };
};

/** Conditions by type, with `value1` and `value2`. */
const early = (params: Readonly<Record<string, unknown>>): Tests => ({
  isAny: params.combineOperation === 'any' || params.combineConditions === 'OR',
  tests: Object.entries(record(params.conditions)).flatMap(([type, list]) =>
    rows(list).map(({ value1, value2, operation }) => ({
      left: value1,
      right: value2,
      operation: text(operation) || (type === 'number' ? 'smaller' : 'equal'),
    })),
  ),
});

const testsOf = (params: Readonly<Record<string, unknown>>): Tests =>
  Array.isArray(record(params.conditions).conditions) ? modern(params.conditions) : early(params);

interface Branch {
  readonly id: string;
  readonly name: string;
  readonly by: 'rules' | 'expression';
  readonly [more: string]: unknown;
}

function branchOf(id: string, name: string, { tests, isAny }: Tests, { texts }: At): Branch | string {
  const unknown = tests.find(({ operation }) => !OPERATORS[operation.toLowerCase()] && !FORMS[operation.toLowerCase()]);
  if (unknown) return `its condition “${unknown.operation}” has no counterpart`;
  if (tests.length === 0) return 'it has no conditions';
  if (tests.every(({ operation }) => OPERATORS[operation.toLowerCase()])) {
    const rules = tests.map(({ left, operation, right }) => ({
      field: texts.cel(left),
      operator: OPERATORS[operation.toLowerCase()],
      value: texts.template(right),
    }));
    return { id, name, by: 'rules', match: isAny ? 'any' : 'all', rules };
  }
  return { id, name, by: 'expression', expression: tests.map((test) => `(${expressionOf(test, texts)})`).join(isAny ? ' || ' : ' && ') };
}

const SIGNS: Readonly<Record<string, string>> = {
  is: '$0 == $1',
  'is-not': '$0 != $1',
  contains: '$1 in $0',
  gt: '$0 > $1',
  gte: '$0 >= $1',
  lt: '$0 < $1',
  lte: '$0 <= $1',
};
const WORDS: Readonly<Record<string, string>> = {
  contains: 'string($0).contains(string($1))',
  'not-contains': '!string($0).contains(string($1))',
  'starts-with': '$0.startsWith($1)',
  'ends-with': '$0.endsWith($1)',
  true: '$0 == true',
  false: '$0 == false',
  empty: '$0 in [null, "", [], {}]',
  'not-empty': '!($0 in [null, "", [], {}])',
  exists: '$0 != null',
  'not-exists': '$0 == null',
};

function expressionOf({ left, operation, right }: Test, texts: Texts): string {
  const name = operation.toLowerCase();
  const operator = OPERATORS[name] ?? '';
  const form = FORMS[name] ?? WORDS[operator] ?? SIGNS[operator] ?? '$0 == $1';
  const values = [texts.cel(left), texts.cel(right)].map((value) => (/^[\w."[\]]+$/.test(value) ? value : `(${value})`));
  return form.replace(/\$([01])/g, (_, index: string) => values[Number(index)] ?? 'null');
}

/** A Condition node whose outputs are its branches in order, and then the default branch. */
function condition(branches: readonly (Branch | string)[], elseName: string, at: At, elseOutput: number): Made | string {
  const failed = branches.find((branch) => typeof branch === 'string');
  if (typeof failed === 'string') return failed;
  const found = branches.filter((branch) => typeof branch !== 'string');
  const port = (output: number): string | undefined => found[output]?.id ?? (output === elseOutput ? 'else' : undefined);
  return { type: 'condition', params: { branches: found, elseName }, item: at.json, list: at.list, port };
}

const ifNode: Kind = (at) => condition([branchOf('true', 'true', testsOf(at.params), at)], 'false', at, 1);

const filter: Kind = (at) => {
  if (!at.isInLoop) at.note('In n8n, it filters the list of items. Here, it lets one item pass or not. For a list, use list.filter() in a Transform node.');
  return condition([branchOf('kept', 'kept', testsOf(at.params), at)], 'discarded', at, 1);
};

const names = (given: readonly string[]): string[] =>
  given.map((name, index) => (name === '' || name === 'else' || given.indexOf(name) < index ? `${name || 'output'} ${index}` : name));

function rulesOf({ params, node }: At): { tests: Tests; name: string; output: number }[] {
  const rules = record(params.rules);
  if (node.typeVersion >= 3 || Array.isArray(rules.values)) {
    const values = rows(rules.values);
    return values.map((rule, output) => ({ tests: modern(rule.conditions), name: rule.renameOutput === true ? plain(rule.outputKey) : '', output }));
  }
  return rows(rules.rules).map((rule, index) => ({
    tests: { isAny: false, tests: [{ left: params.value1, operation: text(rule.operation) || 'equal', right: rule.value2 }] },
    name: plain(rule.outputKey),
    output: typeof rule.output === 'number' ? rule.output : index,
  }));
}

const switchNode: Kind = (at) => {
  const { params } = at;
  if (params.mode === 'expression') return byNumber(at);
  const rules = rulesOf(at);
  if (rules.length === 0) return 'it has no rules';
  if (record(params.options).allMatchingOutputs === true) return 'it takes every matching branch, and a Condition takes the first';
  if (new Set(rules.map(({ output }) => output)).size < rules.length) return 'several of its rules share an output';
  const labels = names(rules.map(({ name, output }) => name || String(output)));
  const branches = rules.map(({ tests, output }, index) => branchOf(`output_${output}`, labels[index] ?? '', tests, at));
  const fallback = record(params.options).fallbackOutput ?? params.fallbackOutput;
  const made = condition(branches, 'else', at, -1);
  if (typeof made === 'string') return made;
  const extra = fallback === 'extra' ? Math.max(...rules.map(({ output }) => output)) + 1 : Number(fallback ?? -1);
  const known = new Set(rules.map(({ output }) => output));
  if (known.has(extra)) at.note('Its fallback went to the output of a rule. Connect “else” to that node.');
  return { ...made, port: (output) => (known.has(output) ? `output_${output}` : output === extra ? 'else' : undefined) };
};

function byNumber(at: At): Made | string {
  const { params, texts } = at;
  const count = Number(params.numberOutputs ?? params.numberOfOutputs ?? params.outputsAmount ?? 4);
  if (!(count >= 1 && count <= 50)) return 'it has no fixed number of outputs';
  const value = texts.cel(params.output);
  const branches = Array.from({ length: count }, (_, output) => ({
    id: `output_${output}`,
    name: String(output),
    by: 'expression' as const,
    expression: `(${value}) == ${output}`,
  }));
  return condition(branches, 'else', at, -1);
}

export const conditions: Readonly<Record<string, Kind>> = {
  'n8n-nodes-base.if': ifNode,
  'n8n-nodes-base.filter': filter,
  'n8n-nodes-base.switch': switchNode,
};
