import type { RunStep } from '@switchyard/shared/contracts/runs.ts';
import { framesAround, placeOfFrame } from '@switchyard/shared/run/address.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import type { ServiceContext } from '../context.ts';
import { readEvents } from './journal-events.ts';
import { stepView } from './run-view.ts';

const ENDS = new Set<JournalEvent['type']>(['step-finished', 'step-failed', 'step-cancelled']);

/** The steps of an item of a for-each step, and of the items around it. Those of one that has ended are only in the journal (S36). */
export async function stepsOfItem({ store }: ServiceContext, runId: string, frame: string): Promise<RunStep[]> {
  const frames = framesAround(frame);
  const containers = frames.map((one) => placeOfFrame(one).containerId);
  const endsIt = (event: JournalEvent): boolean =>
    'frameId' in event
      ? event.type !== 'frame-failing' && frames.includes(event.frameId)
      : ENDS.has(event.type) && 'stepId' in event && containers.includes(event.stepId);
  const events = await readEvents(store, runId);
  const end = events.findIndex(endsIt);
  const state = fold(end === -1 ? events : events.slice(0, end));
  return frames.toReversed().flatMap((one) => [...(state.frames.get(one)?.steps.values() ?? [])].map(stepView));
}
