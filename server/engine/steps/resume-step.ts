import { AppError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { StepState } from '@switchyard/shared/run/state.ts';
import type { DriverContext } from '../driver-context.ts';
import type { PlanNode } from '../plan.ts';
import { mayHaveTakenEffect } from './failure.ts';
import { askAboutInterruption, failureOutcome, fitsInPlace, storeLarge } from './outcome.ts';
import { beginStep, openReview } from './tasks.ts';

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
  if (resolution && kind !== 'retry' && kind !== 'interrupted') return beginStep(driver, node, step.id, { attempt: last, winner: step.winner, resolution });
  if (resolution && kind === 'interrupted' && !saysRetry(resolution.value)) return failStep(driver, node, step, interruptedError(node));
  if (!resolution && mayHaveTakenEffect(step)) {
    return node.policy.onInterrupted === 'fail' ? failStep(driver, node, step, interruptedError(node)) : ask(driver, node, step);
  }
  return beginStep(driver, node, step.id, { attempt: last + 1, winner: step.winner });
}

function failStep(driver: DriverContext, node: PlanNode, step: StepState, error: AppError): boolean {
  const { ports, run, writer } = driver;
  const outcome = failureOutcome({ ports, run, node, step }, error);
  const inPlace = fitsInPlace(ports, outcome);
  if (inPlace) writer.record(outcome.event);
  else driver.pauseUntil(storeLarge(driver, outcome).then(({ event }) => writer.record(event)));
  return inPlace;
}

function ask(driver: DriverContext, node: PlanNode, step: StepState): boolean {
  const outcome = askAboutInterruption({ run: driver.run, node, step });
  const opened = openReview(driver, step, outcome).then(() => {
    driver.writer.record(outcome.event);
    driver.applySignals();
  });
  driver.pauseUntil(opened);
  return false;
}

const saysRetry = (value: unknown): boolean => isPlainObject(value) && value.decision === 'retry';

const interruptedError = (node: PlanNode): AppError =>
  new AppError('step-interrupted', `“${node.title}” was interrupted and may have taken effect, so it isn’t retried automatically.`);
