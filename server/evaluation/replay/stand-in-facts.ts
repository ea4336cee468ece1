import type { Stop } from '@switchyard/shared/evaluation/stand-ins.ts';
import type { JournalEvent, RunEventOf } from '@switchyard/shared/run/events.ts';

/** What a run with stand-ins did instead of its effects (S82). */
export interface StandInFacts {
  /** Calls with recorded responses, and those that were made. Pure work, such as user code, is neither. */
  readonly calls: { readonly recorded: number; readonly asked: number };
  /** Where it could not continue, in order. */
  readonly stops: Stop[];
}

export type CallEnd = RunEventOf<'call-finished'> | RunEventOf<'call-failed'>;
export const isCallEnd = (event: JournalEvent): event is JournalEvent & CallEnd => event.type === 'call-finished' || event.type === 'call-failed';

export function standInFacts(journal: readonly JournalEvent[]): StandInFacts {
  const keys = new Map<string, string>();
  const asked = new Set<string>();
  const made = new Set<string>();
  const stops: Stop[] = [];
  let recorded = 0;
  for (const event of journal) {
    if (event.type === 'step-started') keys.set(event.stepId, event.nodeKey);
    else if (event.type === 'call-started' && event.request !== undefined) asked.add(event.callId);
    else if (event.type === 'step-stopped') stops.push({ stepId: event.stepId, nodeKey: keys.get(event.stepId) ?? '', why: event.why, what: event.what });
    else if (isCallEnd(event) && event.standIn) recorded++;
    else if (isCallEnd(event) && asked.has(event.callId)) made.add(event.callId);
  }
  return { calls: { recorded, asked: made.size }, stops };
}
