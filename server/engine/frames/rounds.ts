import { AppError } from '@switchyard/shared/errors.ts';
import { ERROR_PORT } from '@switchyard/shared/graph/graph.ts';
import { frameOf, isInside } from '@switchyard/shared/run/address.ts';
import { currentStep, frameOfStep, type RunState, roundOf, type StepState } from '@switchyard/shared/run/state.ts';
import { closeWaits } from '../children.ts';
import { abandonTask, type DriverContext, type RunningTask } from '../driver-context.ts';
import type { PlanEdge } from '../plan.ts';
import { errorData, mayHaveTakenEffect } from '../steps/failure.ts';

/** Takes a loop edge: cancels unfinished members and starts their next round (S7). */
export function beginRound(driver: DriverContext, edge: PlanEdge, sourceStepId: string): void {
  const { plan, state, writer, tasks } = driver;
  const frame = frameOfStep(state, sourceStepId) ?? state;
  const members = plan.membersOf(edge.target);
  const steps = members.flatMap(({ key }) => openIn(state, currentStep(frame, key)));
  // A task may be about to start, before its step is in the journal.
  const isEnded = ({ node, stepId }: RunningTask): boolean =>
    (frameOf(stepId) === frame.id && members.includes(node)) || steps.some(({ id }) => isInside(stepId, id));
  for (const task of [...tasks.values()].filter(isEnded)) abandonTask(driver, task, new AppError('cancelled', 'A new round of this step has started.'));
  for (const step of steps)
    writer.record({ type: 'step-cancelled', stepId: step.id, reason: 'superseded', ...(mayHaveTakenEffect(step) && { effectUnknown: true }) });
  const rounds = members.map((member) => ({ nodeKey: member.key, round: roundOf(frame, member.key) + 1 }));
  writer.record({ type: 'round-started', edgeId: edge.id, sourceStepId, targetKey: edge.target.key, members: rounds });
  closeWaits(driver, steps);
}

/** A step that has not ended, after those of its items. */
function openIn(state: RunState, step: StepState | undefined): StepState[] {
  if (step?.status !== 'running' && step?.status !== 'waiting') return [];
  const frames = [...(state.containers.get(step.id)?.open.values() ?? [])];
  return [...frames.flatMap(({ steps }) => [...steps.values()].flatMap((inner) => openIn(state, inner))), step];
}

/** A loop edge reached its limit: the step takes its error branch if it has one, else its item or the run fails (S7). */
export function exceedLoop({ writer }: DriverContext, edge: PlanEdge, sourceStepId: string): void {
  const { source, target, limit } = edge;
  const words = `The loop from “${source.title}” to “${target.title}” hit its limit of ${limit} ${limit === 1 ? 'repeat' : 'repeats'}.`;
  const error = errorData(new AppError('loop-limit', words), { nodeKey: source.key, stepId: sourceStepId });
  // A loop that starts at the error branch itself has no other branch to take.
  const handled = source.policy.onError === 'branch' && edge.port !== ERROR_PORT;
  const frameId = frameOf(sourceStepId);
  if (handled) writer.record({ type: 'loop-exceeded', edgeId: edge.id, sourceStepId, error });
  else writer.record(frameId === undefined ? { type: 'run-failing', error } : { type: 'frame-failing', frameId, error });
}
