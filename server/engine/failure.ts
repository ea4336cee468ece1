import { AppError, ERRORS, type ErrorData, toAppError } from '@switchyard/shared/errors.ts';
import type { Effect } from '@switchyard/shared/graph/node-kind.ts';
import type { StepState } from '@switchyard/shared/run/state.ts';
import type { PlanNode } from './plan.ts';

/** Trying the same again cannot help: the fault is in the workflow, its settings or its input. */
const FINAL = new Set<string>([
  'expression-failed',
  'bad-input',
  'bad-output',
  'bad-request',
  'egress-refused',
  'unknown-route',
  'no-target',
  'unknown-secret',
  'secret-unreadable',
  'provider-auth',
  'provider-refused',
  'step-crashed',
  'step-interrupted',
]);

/** An error as data for journal and page: where it happened, words that are safe to show. */
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

/** Whether the policy gives the step another attempt (S11). Attempts cut off by a crash do not count against it. */
export function mayRetry(node: PlanNode, step: StepState, error: AppError, effect: Effect): boolean {
  const failed = step.attempts.filter((attempt) => attempt.error).length;
  if (failed >= (node.policy.retry?.max ?? 0) || FINAL.has(error.code)) return false;
  return effect !== 'unsafe' || error.beforeEffect;
}

/** The longest wait between two attempts; a day, as long as an attempt itself may take. */
const LONGEST_WAIT_MS = 86_400_000;

/** ms until the next attempt: backoff × factor^n, part of it random, and no sooner than the other side asks for, but for what is out of all reason. */
export function backoffMs(node: PlanNode, failedBefore: number, error: AppError, random: number): number {
  const retry = node.policy.retry;
  if (!retry) return 0;
  const full = retry.backoffMs * retry.factor ** failedBefore;
  return Math.min(LONGEST_WAIT_MS, Math.max(full * (1 - retry.jitter * random), error.retryAfterMs ?? 0));
}

/** Whether the cut-off attempt may have reached the other side: a call was begun and has no end. */
export const mayHaveHadEffect = (step: StepState): boolean =>
  step.effect === 'unsafe' && step.calls.some((call) => call.status === 'running' || (call.status === 'failed' && !call.error));

export const timeoutError = (node: PlanNode): AppError =>
  new AppError('timeout', `‘${node.title}’ did not finish within ${node.policy.timeoutMs} ms. Raise its time limit under Policy, or make it do less.`);
