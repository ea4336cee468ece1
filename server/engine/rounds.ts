import { AppError } from '@switchyard/shared/errors.ts';
import { currentStep, roundOf } from '@switchyard/shared/run/state.ts';
import { LOOP_LIMIT } from './decide.ts';
import { abandonTask, closeReviews, type DriverContext } from './driver-context.ts';
import { errorData, mayHaveHadEffect } from './failure.ts';
import type { PlanEdge } from './plan.ts';

/** Takes a way back: cancels what is unfinished among the members and numbers their next round (S7). */
export function beginRound(driver: DriverContext, edge: PlanEdge, sourceStepId: string): void {
  const { plan, state, writer, tasks } = driver;
  const members = plan.membersOf(edge.target);
  const reviews: string[] = [];
  // A task may be about to begin, so that its step is not in the journal yet.
  const inHand = [...tasks.values()].filter((task) => members.includes(task.node));
  for (const task of inHand) abandonTask(driver, task, new AppError('cancelled', 'A new round of this step has begun.'));
  for (const member of members) {
    const step = currentStep(state, member.key);
    if (step?.status !== 'running' && step?.status !== 'waiting') continue;
    if (step.wait && 'reviewId' in step.wait) reviews.push(step.wait.reviewId);
    writer.record({ type: 'step-cancelled', stepId: step.id, reason: 'superseded', ...(mayHaveHadEffect(step) && { effectUnknown: true }) });
  }
  const rounds = members.map((member) => ({ nodeKey: member.key, round: roundOf(state, member.key) + 1 }));
  writer.record({ type: 'round-started', edgeId: edge.id, sourceStepId, targetKey: edge.target.key, members: rounds });
  closeReviews(driver, reviews);
}

/** Fails the run: a way back was taken too often. */
export function exceedLoop({ writer }: DriverContext, edge: PlanEdge): void {
  const words = `The way back from ‘${edge.source.title}’ to ‘${edge.target.title}’ was taken ${LOOP_LIMIT} times, which is the limit.`;
  writer.record({ type: 'run-failing', error: errorData(new AppError('loop-limit', words), { nodeKey: edge.source.key, stepId: '' }) });
}
