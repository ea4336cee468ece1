import type { RunComparison } from '@switchyard/shared/contracts/evaluation/replays.ts';
import { isReference } from '@switchyard/shared/files/stored-value.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { type ComparedRun, compareRuns as compare } from '../../evaluation/replay/compare-runs.ts';
import type { RunRecord } from '../../store/collections.ts';
import type { ServiceContext } from '../context.ts';
import { getRunRecord, refuseRemoved } from '../runs/get-run.ts';
import { readEvents } from '../runs/journal-events.ts';
import { loadValue } from '../runs/load-value.ts';

type Loading = Pick<ServiceContext, 'payloads' | 'store' | 'workspaceId'>;

/** How many large outputs of a run are loaded. Others are equal only if they are the same. */
const MOST_LOADED = 50;

/** What differs between two runs. Throws `payload-removed` if the values of one are gone. */
export async function compareRuns(context: ServiceContext, id: string, other: string): Promise<RunComparison> {
  return compareRecords(context, await getRunRecord(context, id), await getRunRecord(context, other));
}

export async function compareRecords(context: Loading, before: RunRecord, after: RunRecord): Promise<RunComparison> {
  refuseRemoved(before);
  refuseRemoved(after);
  return compare(await compared(context, before), await compared(context, after));
}

async function compared(context: Loading, { id, status, output }: RunRecord): Promise<ComparedRun> {
  const journal = await readEvents(context.store, id);
  return { id, status, output: await loadValue(context, output), journal: await withOutputs(context, journal) };
}

async function withOutputs(context: Loading, journal: readonly JournalEvent[]): Promise<JournalEvent[]> {
  let left = MOST_LOADED;
  const loaded: JournalEvent[] = [];
  for (const event of journal) {
    const isLarge = event.type === 'step-finished' && isReference(event.output) && left-- > 0;
    loaded.push(isLarge ? { ...event, output: await loadValue(context, event.output) } : event);
  }
  return loaded;
}
