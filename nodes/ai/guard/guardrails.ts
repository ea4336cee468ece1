import { AppError } from '@switchyard/shared/errors.ts';
import type { FieldPath, ParamIssue, Port } from '@switchyard/shared/graph/node-kind.ts';
import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { z } from 'zod';
import type { NodeContext } from '../../sdk/context.ts';
import { done, type NodeResult } from '../../sdk/define-node.ts';
import { field } from '../../sdk/field.ts';
import { type Checks, checkFields, checkIssues, checksOf, type Failure, failuresOf, failuresSchema } from './checks.ts';

/*
 * Guardrails as a setting of a node that calls a model: the checks of the Guardrail node, before the call and after it. A value that fails takes
 * the port `blocked`, or fails the step if nothing is connected there.
 */

/** The port of what a guardrail blocked, and the name of the output’s part that tells why. */
export const BLOCKED = 'blocked';

/** The part of a node’s help about its guardrails. */
export const guardrailsHelp = (what: string): string =>
  `**Guardrails** check ${what}, like a Guardrail node. A value that fails takes the **blocked** branch, with \`steps.<key>.blocked.reason\` and \`.failures\`. If that branch isn’t connected, the step fails.`;

const HINTS = {
  label: 'Guardrails',
  section: true,
  help: 'A value that fails takes the “blocked” branch. If that branch isn’t connected, the step fails.',
};
const valueToCheck = field(z.string().default(''), {
  label: 'Value to check',
  control: 'long-text',
  expression: 'template',
  placeholder: '{{ input.message }}',
});

/** Checks of one value before the call. `value`: which one, if the node has no single input. */
export const inputGuardrails = field(z.object({ before: field(z.object(checkFields).optional(), { label: 'Before the call' }) }).optional(), HINTS);
/** Checks of a value before the call, and of the answer after it. */
export const callGuardrails = field(
  z
    .object({
      before: field(z.object({ value: valueToCheck, ...checkFields }).optional(), { label: 'Before the call' }),
      after: field(z.object(checkFields).optional(), { label: 'After the call' }),
    })
    .optional(),
  HINTS,
);

type Stage = 'before' | 'after';
type Guardrails = { readonly before?: (Checks & { readonly value?: string }) | undefined; readonly after?: Checks | undefined } | undefined;

const hasChecks = (checks: Checks | undefined): boolean => checks !== undefined && checksOf(checks).length > 0;
/** Whether anything is checked, so the node has the port `blocked`. */
export const isGuarded = (guardrails: Guardrails): boolean => hasChecks(guardrails?.before) || hasChecks(guardrails?.after);
/** Whether the answer is checked. It must not reach the caller before. */
export const checksAnswer = (guardrails: Guardrails): boolean => hasChecks(guardrails?.after);

export const blockedPort: Port = { id: BLOCKED, label: BLOCKED, failsUnconnected: true };

/** Whether an output is of a step that was blocked. */
export const wasBlocked = (output: unknown): boolean => isPlainObject(output) && isPlainObject(output[BLOCKED]);

/** The output schema of a guarded node: a blocked step lacks what the call would have returned. */
export const guardedOutput = (guardrails: Guardrails, schema: JsonSchema & { readonly properties: object }): JsonSchema => {
  if (!isGuarded(guardrails)) return schema;
  const { required: _, ...rest } = schema;
  const blocked = {
    type: 'object',
    properties: { stage: { type: 'string', enum: ['before', 'after'] }, reason: { type: 'string' }, failures: failuresSchema },
    required: ['stage', 'reason', 'failures'],
    additionalProperties: false,
  };
  return { ...rest, properties: { ...schema.properties, [BLOCKED]: blocked } };
};

export function guardrailIssues(guardrails: Guardrails): ParamIssue[] {
  const path = (...more: string[]): FieldPath => ['guardrails', ...more];
  const { before, after } = guardrails ?? {};
  const isUnknown = before && 'value' in before && before.value?.trim() === '' && hasChecks(before);
  return [
    ...(isUnknown ? [{ path: path('before', 'value'), message: 'Enter the value to check', suggestion: 'For example, {{ input.message }}' }] : []),
    ...(before ? checkIssues(before, path('before')) : []),
    ...(after ? checkIssues(after, path('after')) : []),
  ];
}

interface Blocked {
  readonly stage: Stage;
  readonly reason: string;
  readonly failures: readonly Failure[];
}

/** Why a value is blocked at this stage. Undefined if it passes. */
export async function blockedAt(stage: Stage, guardrails: Guardrails, value: unknown, context: NodeContext): Promise<Blocked | undefined> {
  const checks = guardrails?.[stage];
  const failures = checks ? await failuresOf(checks, value, context) : [];
  return failures[0] && { stage, reason: failures[0].message, failures };
}

/** The result of a blocked step. `output`: the fields of the answer, empty before the call. */
export const blockedResult = (output: object, blocked: Blocked): NodeResult =>
  done(
    { ...output, [BLOCKED]: blocked },
    { port: BLOCKED, orFail: new AppError('guardrail', `Blocked ${blocked.stage} the model call: ${blocked.reason}`, { details: { ...blocked } }) },
  );
