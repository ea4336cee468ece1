import { frameOf, framesAround } from '@switchyard/shared/run/address.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';

/**
 * Returns what is wrong with the journal of an ended run, whatever was killed: a gap, an event after the end of a step, of an item, of a
 * successful call, or of the run, or not exactly one end. Empty if it is correct.
 */
export function journalFaults(events: readonly JournalEvent[]): string[] {
  const faults: string[] = [];
  const finished = new Set<string>();
  const answered = new Set<string>();
  for (const [index, event] of events.entries()) {
    if (event.seq !== index + 1) faults.push(`event ${index + 1} has the number ${event.seq}`);
    const frames = framesAround('frameId' in event ? event.frameId : 'stepId' in event ? frameOf(event.stepId) : undefined);
    for (const frame of frames) if (finished.has(frame)) faults.push(`${event.type} after the end of ${frame}`);
    if (event.type === 'frame-finished' || event.type === 'frame-failed') finished.add(event.frameId);
    if (!('stepId' in event)) continue;
    if (finished.has(event.stepId)) faults.push(`${event.type} after the end of ${event.stepId}`);
    if (event.type === 'step-finished') finished.add(event.stepId);
    if (!('callId' in event)) continue;
    if (answered.has(event.callId)) faults.push(`${event.type} after the result of ${event.callId}`);
    if (event.type === 'call-finished') answered.add(event.callId);
  }
  const ends = events.filter(({ type }) => type === 'run-finished').length;
  if (ends !== 1) faults.push(`the run ends ${ends} times`);
  if (events.at(-1)?.type !== 'run-finished') faults.push(`${events.at(-1)?.type} comes last`);
  return faults;
}
