import { AppError, ERRORS, type ErrorData, toAppError } from '@switchyard/shared/errors.ts';
import type { Effect } from '@switchyard/shared/graph/node-kind.ts';
import type { StepState } from '@switchyard/shared/run/state.ts';
import type { PlanNode } from '../plan.ts';

/** Errors that a retry can't fix: the cause is the workflow, its settings, or its input. */
const FINAL = new Set<string>([
  'callback-overdue',
  'code-failed',
  'unreadable-file',
  'no-text',
  'expression-failed',
  'bad-input',
  'bad-output',
  'bad-request',
  'egress-refused',
  'killed',
  'unknown-route',
  'no-target',
  'unknown-secret',
  'secret-unreadable',
  'provider-auth',
  'provider-refused',
  'prompt-not-found',
  'prompt-variables',
  'budget-exceeded',
  'reconnect',
  'redaction-refused',
  'guardrail',
  'not-a-list',
  'too-large',
  'item-failed',
  'not-found',
  'not-published',
  'too-deep',
  'step-crashed',
  'step-interrupted',
]);

/** An error as data for the journal and the page: where it happened, with a message that is safe to show. */
export function errorData(thrown: unknown, at: { nodeKey: string; stepId: string }): ErrorData {
  const error = toAppError(thrown, 'node-failed');
  const details = { ...error.details, ...(error.fields.length > 0 && { fields: error.fields }) };
  return {
    code: error.code,
    message: ERRORS[error.code].safe ? error.message : ERRORS[error.code].title,
    nodeKey: at.nodeKey,
    stepId: at.stepId,
    ...(Object.keys(details).length > 0 && { details }),
  };
}

/** Until when a call waits: a budget allows it again (S63), or a person has had time to reconnect its connection (S76). */
export const pausedUntil = ({ code, details }: Pick<ErrorData, 'code' | 'details'>): string | undefined =>
  (code === 'budget-exceeded' || code === 'reconnect') && typeof details?.waitUntil === 'string' ? details.waitUntil : undefined;

/** How many attempts count for the policy: those interrupted by a crash or paused by a budget or a connection don't. */
export const failedAttempts = ({ attempts }: StepState): number => attempts.filter(({ error }) => error && pausedUntil(error) === undefined).length;

/** Whether the policy allows another attempt (S11). A for-each step has none once its items run: they would run again. */
export function mayRetry(node: PlanNode, step: StepState, error: AppError, effect: Effect): boolean {
  if (step.items || failedAttempts(step) >= (node.policy.retry?.max ?? 0) || FINAL.has(error.code) || error.details.final === true) return false;
  return effect !== 'unsafe' || error.beforeEffect;
}

/** The longest delay between two attempts: one day, as for an attempt itself. */
const LONGEST_WAIT_MS = 86_400_000;

/** Delay in ms before the next attempt: exponential backoff with jitter, at least Retry-After, at most one day. */
export function backoffMs(node: PlanNode, failedBefore: number, error: AppError, random: number): number {
  const retry = node.policy.retry;
  if (!retry) return 0;
  const full = retry.backoffMs * retry.factor ** failedBefore;
  return Math.min(LONGEST_WAIT_MS, Math.max(full * (1 - retry.jitter * random), error.retryAfterMs ?? 0));
}

/** True if an interrupted attempt may have taken effect: an unsafe call started and never finished, or was canceled. */
export const mayHaveTakenEffect = (step: StepState): boolean =>
  step.effect === 'unsafe' &&
  step.calls.some(({ status, error }) => status === 'running' || (status === 'failed' && (error === undefined || error.code === 'cancelled')));

export const timeoutError = (node: PlanNode): AppError =>
  new AppError('timeout', `“${node.title}” timed out after ${(node.policy.timeoutMs ?? 0) / 1_000} s. Increase its timeout under Error handling.`);
