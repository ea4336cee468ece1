import { AppError, type ErrorData } from '@switchyard/shared/errors.ts';
import type { RunState, StepState } from '@switchyard/shared/run/state.ts';
import { closeWaits } from './children.ts';
import type { DriverContext } from './driver-context.ts';
import { errorData } from './steps/failure.ts';
import { recordStop } from './steps/tasks.ts';

/** Cancels a step because the run stops. A running step ends when its sockets are closed: false until then. */
export function cancelStep(driver: DriverContext, step: StepState): boolean {
  const task = driver.tasks.get(step.id);
  if (task) {
    if (!task.cancellation.isRequested()) task.cancellation.request(new AppError('cancelled', 'The run was canceled.'));
    return false;
  }
  recordStop(driver, step);
  closeWaits(driver, [step]);
  return true;
}

/** Ends the run once nothing of it runs, waits, or is ready. */
export function finishRun({ state, writer }: DriverContext): void {
  const error = state.error ?? outputFailure(state);
  if (state.cancelling) writer.record({ type: 'run-finished', status: 'cancelled' });
  else if (error) writer.record({ type: 'run-finished', status: 'failed', error });
  else writer.record({ type: 'run-finished', status: 'succeeded' });
}

function outputFailure({ reply, steps }: RunState): ErrorData | undefined {
  if (reply?.outcome !== 'failure') return undefined;
  const nodeKey = steps.get(reply.stepId)?.nodeKey ?? '';
  return errorData(new AppError('output-failure', 'The workflow ended in an output marked as a failure.'), { nodeKey, stepId: reply.stepId });
}
