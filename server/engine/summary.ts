import { hasStandIns } from '@switchyard/shared/evaluation/stand-ins.ts';
import { isLiveRun } from '@switchyard/shared/run/facts/live-run.ts';
import { packFacts } from '@switchyard/shared/run/facts/run-facts.ts';
import { isEnded, openSteps, type RunState, type StepState } from '@switchyard/shared/run/state.ts';
import type { RunSummaryData } from './ports.ts';

/** When a wait ends on its own, if it does. */
export const dueOf = (step: StepState): string | undefined => (step.wait && 'dueAt' in step.wait ? step.wait.dueAt : undefined);

/** The earliest due time in a waiting run; null if it waits only for people or callbacks. */
export function wakeAtOf(state: RunState): string | null {
  let earliest: string | null = null;
  if (state.waitingCount === 0) return null;
  for (const step of openSteps(state)) {
    const due = step.status === 'waiting' ? dueOf(step) : undefined;
    if (due && (earliest === null || due < earliest)) earliest = due;
  }
  return earliest;
}

/** The summary of this state for the run's record. */
export function summaryOf(state: RunState): RunSummaryData {
  const facts = isEnded(state.status) ? packFacts(state.facts) : undefined;
  return {
    status: state.status,
    startedAt: state.startedAt ?? null,
    endedAt: state.endedAt ?? null,
    output: state.reply?.value ?? null,
    error: state.error ?? null,
    usage: state.usage,
    costMicros: state.costMicros,
    unknownPrice: state.unknownPrice,
    demo: state.demo,
    seq: state.seq,
    wakeAt: wakeAtOf(state),
    ...(facts !== undefined && { facts }),
    ...(state.endedAt !== undefined && isLiveRun(state) && { unrolled: state.endedAt }),
    ...(state.status === 'failed' &&
      state.version !== 'draft' &&
      !hasStandIns(state.trigger) &&
      state.endedAt !== undefined && { uncountedSince: state.endedAt }),
  };
}
