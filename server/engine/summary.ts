import type { RunState, StepState } from '@switchyard/shared/run/state.ts';
import type { RunSummaryData } from './ports.ts';

/** When a wait ends by itself, if it does. */
export const dueOf = (step: StepState): string | undefined => (step.wait && 'dueAt' in step.wait ? step.wait.dueAt : undefined);

/** The earliest time at which something in a waiting run is due; null when it waits for somebody. */
export function wakeAtOf(state: RunState): string | null {
  let earliest: string | null = null;
  if (state.waitingCount === 0) return null;
  for (const step of state.steps.values()) {
    const due = step.status === 'waiting' ? dueOf(step) : undefined;
    if (due && (earliest === null || due < earliest)) earliest = due;
  }
  return earliest;
}

const answeredByDemo = (step: StepState): boolean => step.calls.some((call) => call.record?.kind === 'model' && call.record.demo);

/** What the run's row shows of this state. */
export function summaryOf(state: RunState): RunSummaryData {
  return {
    status: state.status,
    startedAt: state.startedAt ?? null,
    endedAt: state.endedAt ?? null,
    output: state.reply?.value ?? null,
    error: state.error ?? null,
    usage: state.usage,
    costMicros: state.costMicros,
    demo: [...state.steps.values()].some(answeredByDemo),
    seq: state.seq,
    wakeAt: wakeAtOf(state),
  };
}
