import { AppError } from '@switchyard/shared/errors.ts';
import { ERROR_PORT } from '@switchyard/shared/graph/graph.ts';
import { currentStep, roundOf } from '@switchyard/shared/run/state.ts';
import { abandonTask, closeReviews, type DriverContext } from './driver-context.ts';
import type { PlanEdge } from './plan.ts';
import { errorData, mayHaveTakenEffect } from './steps/failure.ts';

/** Takes a loop edge: cancels unfinished members and starts their next round (S7). */
export function beginRound(driver: DriverContext, edge: PlanEdge, sourceStepId: string): void {
  const { plan, state, writer, tasks } = driver;
  const members = plan.membersOf(edge.target);
  const reviews: string[] = [];
  // A task may be about to start, before its step is in the journal.
  const active = [...tasks.values()].filter((task) => members.includes(task.node));
  for (const task of active) abandonTask(driver, task, new AppError('cancelled', 'A new round of this step has started.'));
  for (const member of members) {
    const step = currentStep(state, member.key);
    if (step?.status !== 'running' && step?.status !== 'waiting') continue;
    if (step.wait && 'reviewId' in step.wait) reviews.push(step.wait.reviewId);
    writer.record({ type: 'step-cancelled', stepId: step.id, reason: 'superseded', ...(mayHaveTakenEffect(step) && { effectUnknown: true }) });
  }
  const rounds = members.map((member) => ({ nodeKey: member.key, round: roundOf(state, member.key) + 1 }));
  writer.record({ type: 'round-started', edgeId: edge.id, sourceStepId, targetKey: edge.target.key, members: rounds });
  closeReviews(driver, reviews);
}

/** A loop edge reached its limit: the step takes its error branch if it has one, else the run fails (S7). */
export function exceedLoop({ writer }: DriverContext, edge: PlanEdge, sourceStepId: string): void {
  const { source, target, limit } = edge;
  const words = `The loop from “${source.title}” to “${target.title}” hit its limit of ${limit} ${limit === 1 ? 'repeat' : 'repeats'}.`;
  const error = errorData(new AppError('loop-limit', words), { nodeKey: source.key, stepId: sourceStepId });
  // A loop that starts at the error branch itself has no other branch to take.
  const handled = source.policy.onError === 'branch' && edge.port !== ERROR_PORT;
  writer.record(handled ? { type: 'loop-exceeded', edgeId: edge.id, sourceStepId, error } : { type: 'run-failing', error });
}
