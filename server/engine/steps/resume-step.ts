import { AppError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { StepState } from '@switchyard/shared/run/state.ts';
import { closeReviews, type DriverContext } from '../driver-context.ts';
import type { PlanNode } from '../plan.ts';
import { refusal } from './budget-wait.ts';
import { mayHaveTakenEffect } from './failure.ts';
import { askAboutInterruption, failureOutcome, fitsInPlace, storeLarge } from './outcome.ts';
import { beginStep, openReview, recordOutcome } from './tasks.ts';

type Resolution = NonNullable<StepState['resolution']>;

/** Resumes a step that has no running task: its wait ended, or it was interrupted (S11). */
export function resumeStep(driver: DriverContext, node: PlanNode, step: StepState): boolean {
  const needed = driver.values.loadResolution(step);
  if (needed) {
    driver.pauseUntil(needed);
    return false;
  }
  const last = step.attempts.at(-1)?.number ?? 0;
  const resolution = driver.values.resolutionOf(step);
  const kind = resolution?.wait.kind;
  if (resolution && kind !== 'retry' && kind !== 'interrupted' && kind !== 'budget')
    return beginStep(driver, node, step.id, { attempt: last, winner: step.winner, resolution });
  if (resolution && kind === 'interrupted' && !saysRetry(resolution.value)) return failStep(driver, node, step, interruptedError(node));
  if ((!resolution || kind === 'budget') && mayHaveTakenEffect(step)) {
    return node.policy.onInterrupted === 'fail' ? failStep(driver, node, step, interruptedError(node)) : ask(driver, node, step);
  }
  if (resolution && kind === 'budget') return resumeAfterBudget(driver, node, step, { ...resolution, attempt: last });
  return beginStep(driver, node, step.id, { attempt: last + 1, winner: step.winner });
}

/** Continues the attempt that waited for a decision about a budget (S63), or fails it if the call was rejected. */
function resumeAfterBudget(driver: DriverContext, node: PlanNode, step: StepState, { wait, by, attempt }: Resolution & { attempt: number }): boolean {
  const refused = refusal(step);
  if (refused) return failStep(driver, node, step, refused);
  // The period has ended, or the budget has changed: no decision is needed anymore.
  if (by === 'timer' && 'reviewId' in wait) closeReviews(driver, [wait.reviewId]);
  return beginStep(driver, node, step.id, { attempt, winner: step.winner });
}

/** Ends a step that has no running task with an error. False if values must be stored first. */
export function failStep(driver: DriverContext, node: PlanNode, step: StepState, error: AppError): boolean {
  const { ports, run } = driver;
  const outcome = failureOutcome({ ports, run, node, step }, error);
  const inPlace = fitsInPlace(ports, outcome);
  if (inPlace) recordOutcome(driver, node, outcome);
  else driver.pauseUntil(storeLarge(driver, outcome).then((stored) => recordOutcome(driver, node, stored)));
  return inPlace;
}

function ask(driver: DriverContext, node: PlanNode, step: StepState): boolean {
  const outcome = askAboutInterruption({ run: driver.run, node, step });
  const opened = openReview(driver, step, outcome).then(() => {
    recordOutcome(driver, node, outcome);
    driver.signals().apply();
  });
  driver.pauseUntil(opened);
  return false;
}

const saysRetry = (value: unknown): boolean => isPlainObject(value) && value.decision === 'retry';

const interruptedError = (node: PlanNode): AppError =>
  new AppError('step-interrupted', `“${node.title}” was interrupted and may have taken effect, so it isn’t retried automatically.`);
