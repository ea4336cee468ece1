import type { JournalEvent } from '@switchyard/shared/run/events.ts';

/**
 * Says what is wrong with the journal of a run that has ended, whatever was killed meanwhile: a gap, something after the end of a step, of
 * a call that has succeeded or of the run, not exactly one end. Empty when it is as it must be.
 */
export function journalFaults(events: readonly JournalEvent[]): string[] {
  const faults: string[] = [];
  const finished = new Set<string>();
  const answered = new Set<string>();
  for (const [index, event] of events.entries()) {
    if (event.seq !== index + 1) faults.push(`event ${index + 1} has the number ${event.seq}`);
    if (!('stepId' in event)) continue;
    if (finished.has(event.stepId)) faults.push(`${event.type} after the end of ${event.stepId}`);
    if (event.type === 'step-finished') finished.add(event.stepId);
    if (!('callId' in event)) continue;
    if (answered.has(event.callId)) faults.push(`${event.type} after the answer to ${event.callId}`);
    if (event.type === 'call-finished') answered.add(event.callId);
  }
  const ends = events.filter(({ type }) => type === 'run-finished').length;
  if (ends !== 1) faults.push(`the run has ${ends} ends`);
  if (events.at(-1)?.type !== 'run-finished') faults.push(`${events.at(-1)?.type} comes last`);
  return faults;
}
