import { AppError } from '@switchyard/shared/errors.ts';
import type { ParamIssue } from '@switchyard/shared/graph/node-kind.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { z } from 'zod';
import { asText } from '../sdk/as-value.ts';
import type { NodeContext } from '../sdk/context.ts';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';
import { distinctPorts, portId, portIssues } from '../sdk/port-id.ts';
import { comparing, OPERATORS, type Operator, operators, ruleHolds } from './rule.ts';

/** The out-port when no branch holds. */
export const ELSE = 'else';

const rule = z.object({
  field: field(z.string(), { label: 'Field', control: 'code', expression: 'cel', placeholder: 'steps.classify.confidence' }),
  operator: field(z.enum(operators), { label: 'Is', control: 'select', choices: OPERATORS }),
  value: field(z.string().default(''), { label: 'Value', expression: 'template', when: { field: 'operator', is: comparing } }),
});

const branch = z.object({
  /** Names the port; kept when the name changes, so that wires hold. */
  id: z.string().optional(),
  name: field(z.string(), { label: 'Name of the way' }),
  by: field(z.enum(['rules', 'expression']).default('rules'), { label: 'By', control: 'segmented', choices: { rules: 'Rules', expression: 'Expression' } }),
  match: field(z.enum(['all', 'any']).default('all'), {
    label: 'When',
    control: 'segmented',
    choices: { all: 'All hold', any: 'Any holds' },
    when: { field: 'by', is: ['rules'] },
  }),
  rules: field(z.array(rule).max(50).default([]), { label: 'Rules', when: { field: 'by', is: ['rules'] } }),
  expression: field(z.string().default(''), { label: 'Expression', control: 'code', expression: 'cel', when: { field: 'by', is: ['expression'] } }),
});
type Branch = z.output<typeof branch>;

const params = z.object({
  branches: field(z.array(branch).min(1, 'Add a way').max(50), { label: 'Ways', control: 'rules', help: 'Tried from the top; the first that holds is taken.' }),
  elseName: field(z.string().default(ELSE), { label: 'Name of the way when none holds', placeholder: ELSE }),
});

const help = `Takes one of several ways. The ways are tried from the top, and the first that holds is taken; when none does, it is the last one (*else*).

A way holds by **rules** (a field, how to compare, a value; all of them or any) or by one **expression** that comes out true or false:

\`steps.classify_intent.confidence >= 0.8 && input.message.size() < 2000\`

Text is compared letter by letter, numbers as numbers, also when they were typed as text. A field that is not there is an error that names it, but to *exists*, *does not exist*, *is empty* and *is not empty* it is simply not there; write \`input.?customer.?tier.orValue("free")\` for one that may be missing.

Later steps read the name of the way as \`steps.<key>.branch\`.`;

/** Operators that ask whether there is anything: a field that is not there is an answer to them, not an error. */
const asksForPresence: ReadonlySet<Operator> = new Set<Operator>(['exists', 'not-exists', 'empty', 'not-empty']);

/** What a rule looks at; undefined when it is not there and the rule asks for that. */
function lookUp({ field: source, operator }: z.output<typeof rule>, context: NodeContext): unknown {
  try {
    return context.evaluate(source);
  } catch (error) {
    if (asksForPresence.has(operator) && error instanceof AppError && error.code === 'expression-failed') return undefined;
    throw error;
  }
}

function holds(branch: Branch, context: NodeContext): boolean {
  if (branch.by === 'expression') {
    const value = context.evaluate(branch.expression);
    if (typeof value === 'boolean') return value;
    throw new AppError('node-failed', `The expression of ‘${branch.name}’ must come out true or false, but came out as ‘${asText(value).slice(0, 100)}’.`);
  }
  const test = (one: z.output<typeof rule>): boolean => ruleHolds(lookUp(one, context), one.operator, one.value);
  return branch.match === 'all' ? branch.rules.every(test) : branch.rules.some(test);
}

function branchIssues(branch: Branch, index: number): ParamIssue[] {
  const at = ['branches', index];
  if (branch.by === 'expression') {
    return branch.expression.trim() === '' ? [{ path: [...at, 'expression'], message: `Write the expression of ‘${branch.name}’` }] : [];
  }
  if (branch.rules.length === 0) return [{ path: [...at, 'rules'], message: `Add a rule to ‘${branch.name}’` }];
  return branch.rules.flatMap((rule, number) =>
    rule.field.trim() === ''
      ? [{ path: [...at, 'rules', number, 'field'], message: 'Choose the field that this rule looks at', suggestion: 'For example input.message' }]
      : [],
  );
}

const shortField = (source: string): string => source.slice(-200).match(/([\w-]+)\W*$/)?.[1] ?? source;
/** A value that is one expression is said by its last name, as fields are. */
const shortValue = (value: string): string => value.replace(/\{\{([^{}]*)\}\}/g, (_, source: string) => shortField(source));

function words({ by, rules, match, expression }: Branch): string {
  if (by === 'expression') return expression.trim();
  const said = rules.map(
    (rule) => `${shortField(rule.field)} ${OPERATORS[rule.operator]}${comparing.includes(rule.operator) ? ` ${shortValue(rule.value)}` : ''}`,
  );
  return said.join(match === 'all' ? ', ' : ' or ');
}

export const condition = defineNode({
  type: 'condition',
  version: 1,
  title: 'Condition',
  icon: 'IconGitBranch',
  category: 'flow',
  summary: 'Choose a way by a rule',
  help,
  params,
  defaults: { branches: [{ name: 'yes', rules: [{ field: 'input.message', operator: 'not-empty' }] }], elseName: 'no' },
  example: {
    branches: [
      { name: 'sure', rules: [{ field: 'steps.classify.confidence', operator: 'gte', value: '{{ vars.least }}' }] },
      { name: 'gold', by: 'expression', expression: 'input.customer.tier == "gold"' },
    ],
    elseName: 'else',
  },
  line: ({ branches }) => {
    const [only] = branches;
    return branches.length === 1 && only ? words(only) || 'no rule yet' : branches.map(({ name }) => name).join(', ');
  },
  ports: ({ branches, elseName }) => ({ inputs: [{ id: 'in' }], outputs: [...distinctPorts(branches, [ELSE]), { id: ELSE, label: elseName || ELSE }] }),
  output: ({ branches, elseName }) => ({
    type: 'object',
    properties: { branch: { type: 'string', enum: [...new Set([...branches.map(({ name }) => name), elseName || ELSE])] } },
    required: ['branch'],
    additionalProperties: false,
  }),
  portOf: ({ branches, elseName }, output) => {
    const name = isPlainObject(output) ? output.branch : undefined;
    const taken = branches.find((branch) => branch.name === name);
    return taken ? portId(taken) : name === (elseName || ELSE) ? ELSE : undefined;
  },
  check: ({ branches, elseName }) => [
    ...portIssues(['branches'], branches, [ELSE], 'way'),
    ...branches.flatMap(branchIssues),
    ...(branches.some(({ name }) => name === elseName) ? [{ path: ['elseName'], message: `There is a way of the name ‘${elseName}’ already` }] : []),
  ],
  compute({ params, context }) {
    const taken = params.branches.find((branch) => holds(branch, context));
    return done({ branch: taken?.name ?? (params.elseName || ELSE) }, { port: taken ? portId(taken) : ELSE });
  },
});
