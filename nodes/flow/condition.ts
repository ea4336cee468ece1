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

/** The port taken when no branch matches. */
export const ELSE = 'else';

const rule = z.object({
  field: field(z.string(), { label: 'Field', control: 'code', expression: 'cel', placeholder: 'steps.classify.confidence' }),
  operator: field(z.enum(operators), { label: 'Operator', control: 'select', choices: OPERATORS }),
  value: field(z.string().default(''), { label: 'Value', expression: 'template', when: { field: 'operator', is: comparing } }),
});

const branch = z.object({
  /** Identifies the port. It stays when the name changes, so edges stay connected. */
  id: z.string().optional(),
  name: field(z.string(), { label: 'Branch name' }),
  by: field(z.enum(['rules', 'expression']).default('rules'), {
    label: 'Match by',
    control: 'segmented',
    choices: { rules: 'Rules', expression: 'Expression' },
  }),
  match: field(z.enum(['all', 'any']).default('all'), {
    label: 'Match',
    control: 'segmented',
    choices: { all: 'All rules', any: 'Any rule' },
    when: { field: 'by', is: ['rules'] },
  }),
  rules: field(z.array(rule).max(50).default([]), { label: 'Rules', when: { field: 'by', is: ['rules'] } }),
  expression: field(z.string().default(''), { label: 'Expression', control: 'code', expression: 'cel', when: { field: 'by', is: ['expression'] } }),
});
type Branch = z.output<typeof branch>;

const params = z.object({
  branches: field(z.array(branch).min(1, 'Add a branch').max(50), {
    label: 'Branches',
    control: 'rules',
    help: 'Checked from the top. The first match is taken.',
  }),
  elseName: field(z.string().default(ELSE), { label: 'Default branch name', placeholder: ELSE }),
});

const help = `Takes one of several branches. Branches are checked from the top and the first match is taken. If none matches, the default branch (*else*) is taken.

A branch matches by **rules** (a field, an operator, and a value; all rules or any) or by an **expression** that evaluates to true or false:

\`steps.classify_intent.confidence >= 0.8 && input.message.size() < 2000\`

Text comparison is case-sensitive. Numbers are compared as numbers, even when typed as text. A missing field is an error that names the field. The operators *exists*, *does not exist*, *is empty*, and *is not empty* accept missing fields; elsewhere, write \`input.?customer.?tier.orValue("free")\`.

Later nodes read the name of the branch as \`steps.<key>.branch\`.`;

/** Operators that accept a missing field instead of failing on it. */
const asksForPresence: ReadonlySet<Operator> = new Set<Operator>(['exists', 'not-exists', 'empty', 'not-empty']);

/** The value a rule checks. Undefined if the field is missing and the operator accepts that. */
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
    throw new AppError('node-failed', `The expression for “${branch.name}” must evaluate to true or false, but evaluated to “${asText(value).slice(0, 100)}”.`);
  }
  const test = (one: z.output<typeof rule>): boolean => ruleHolds(lookUp(one, context), one.operator, one.value);
  return branch.match === 'all' ? branch.rules.every(test) : branch.rules.some(test);
}

function branchIssues(branch: Branch, index: number): ParamIssue[] {
  const at = ['branches', index];
  if (branch.by === 'expression') {
    return branch.expression.trim() === '' ? [{ path: [...at, 'expression'], message: `Enter the expression for “${branch.name}”` }] : [];
  }
  if (branch.rules.length === 0) return [{ path: [...at, 'rules'], message: `Add a rule to “${branch.name}”` }];
  return branch.rules.flatMap((rule, number) =>
    rule.field.trim() === ''
      ? [{ path: [...at, 'rules', number, 'field'], message: 'Choose the field this rule checks', suggestion: 'For example, input.message' }]
      : [],
  );
}

const shortField = (source: string): string => source.slice(-200).match(/([\w-]+)\W*$/)?.[1] ?? source;
/** A value that is a single expression is shown by its last name, like a field. */
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
  summary: 'Branch by rules',
  keywords: ['if', 'else', 'switch', 'branch', 'router', 'route', 'case', 'decision', 'rule', 'loop', 'repeat', 'while'],
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
    return branches.length === 1 && only ? words(only) || 'no rules yet' : branches.map(({ name }) => name).join(', ');
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
    ...portIssues(['branches'], branches, [ELSE], 'branch'),
    ...branches.flatMap(branchIssues),
    ...(branches.some(({ name }) => name === elseName) ? [{ path: ['elseName'], message: `The name “${elseName}” is already used by another branch` }] : []),
  ],
  compute({ params, context }) {
    const taken = params.branches.find((branch) => holds(branch, context));
    return done({ branch: taken?.name ?? (params.elseName || ELSE) }, { port: taken ? portId(taken) : ELSE });
  },
});
