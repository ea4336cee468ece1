import type { RunStep } from '@switchyard/shared/contracts/runs.ts';
import type { Wait } from '@switchyard/shared/run/events.ts';
import type { StepState } from '@switchyard/shared/run/state.ts';
import { REPLIED_AS_FAILURE, STATUS_LABELS } from '../run-look/status-labels.ts';
import type { StepLike } from '../run-look/step-rows.ts';

/** A step as both the live fold and the API provide it. */
export type AnyStep = (StepState | RunStep) & Pick<StepLike, 'repliedAsFailure'>;

/** The status label of a step. */
export function stepStatusLabel(step: AnyStep): string {
  if (step.repliedAsFailure) return REPLIED_AS_FAILURE;
  if (step.status === 'failed' && step.attempts.length > 1) return `Failed after ${step.attempts.length} attempts`;
  if (step.status === 'succeeded' && step.recovered) return 'Used fallback value';
  if (step.status === 'cancelled' && 'cancelReason' in step && step.cancelReason === 'superseded') return 'Restarted in a new round';
  if (step.status === 'waiting' && step.wait?.kind === 'review') return `Waiting for ${step.wait.task.assignee ?? 'review'}`;
  return STATUS_LABELS[step.status];
}

const clock = (iso: string): string => new Date(iso).toLocaleTimeString('en-GB');

/** What a step is waiting for. */
export function describeWait(wait: Wait): string {
  switch (wait.kind) {
    case 'review':
      return `Waiting for ${wait.task.assignee ?? 'a person'} to decide “${wait.task.title}”${wait.dueAt ? `, due ${new Date(wait.dueAt).toLocaleString('en-GB')}` : ''}.`;
    case 'interrupted':
      return 'The server stopped during this step, and repeating it could apply it twice. A person decides whether to run it again.';
    case 'budget':
      return `${wait.task.title}. Waiting for a person to decide about the call${wait.dueAt ? `, or for the next period, which begins ${new Date(wait.dueAt).toLocaleString('en-GB')}` : ''}.`;
    case 'retry':
      return `Failed. Retrying at ${clock(wait.dueAt)}.`;
    case 'run':
      return 'Waiting for the run of the sub-workflow.';
    case 'callback':
      return `Waiting for a request to its callback URL${wait.dueAt ? `, due ${new Date(wait.dueAt).toLocaleString('en-GB')}` : ''}.`;
    case 'stopped':
      return 'Can’t continue: it would need more than reads.';
    case 'timer':
      return `Continues at ${clock(wait.dueAt)}.`;
  }
}
