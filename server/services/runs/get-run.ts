import type { Run, RunStep } from '@switchyard/shared/contracts/runs.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { parseAddress } from '@switchyard/shared/run/address.ts';
import type { JournalEvent, Reply } from '@switchyard/shared/run/events.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { foldFrame } from '@switchyard/shared/run/fold-frame.ts';
import { type RunRecord, runs } from '../../store/collections.ts';
import type { ServiceContext } from '../context.ts';
import { queuedOf } from '../queue/queue-place.ts';
import { loadFrozenGraph } from '../workflows/frozen-graph.ts';
import { eventsOfFrame } from './item-index.ts';
import { readEvents } from './journal-events.ts';
import { readState } from './run-states.ts';
import { runView, stepView } from './run-view.ts';

export interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}
export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A page of a list whose cursor is a position. */
export function pageAt<T>(all: readonly T[], { limit, cursor }: PageQuery): Page<T> {
  const begin = Number(cursor ?? 0);
  const end = begin + limit;
  return { items: all.slice(begin, end), nextCursor: end < all.length ? String(end) : null };
}

/** The run's record. Throws `not-found`. */
export async function getRunRecord({ store }: Pick<ServiceContext, 'store'>, id: string): Promise<RunRecord> {
  const record = await store.get(runs, id);
  if (!record) throw new AppError('not-found', `Run “${id}” not found.`);
  return record;
}

/** Throws `payload-removed` if the run has no values anymore. */
export function refuseRemoved({ payloadsRemovedAt, triggerData }: RunRecord): void {
  if (payloadsRemovedAt === undefined && triggerData.sealed === undefined) return;
  throw new AppError('payload-removed', 'The data policy of this run doesn’t keep its values.', { details: { removedAt: payloadsRemovedAt ?? null } });
}

/** A run with its steps, from its journal. */
export async function getRun(context: ServiceContext, id: string): Promise<Run> {
  const record = await getRunRecord(context, id);
  const run = runView(record, await readState(context, record));
  return { ...run, queued: (await queuedOf(context, [record])).get(id) ?? null };
}

/** What the run’s Output node sent, if it got there. */
export const replyOf = async ({ store }: Pick<ServiceContext, 'store'>, id: string): Promise<Reply | undefined> => fold(await readEvents(store, id)).reply;

/** The steps of a run at the top level, or of one item of a for-each step. */
export async function listRunSteps(context: ServiceContext, id: string, query: PageQuery & { readonly frame?: string | undefined }): Promise<Page<RunStep>> {
  const { frame } = query;
  if (frame === undefined) return pageAt((await getRun(context, id)).steps, query);
  refuseNoFrame(frame);
  const state = foldFrame(await eventsOfFrame(context, await getRunRecord(context, id), frame), frame);
  return pageAt([...(state.frames.get(frame)?.steps.values() ?? [])].map(stepView), query);
}

function refuseNoFrame(frame: string): void {
  if (parseAddress(frame)?.kind === 'frame') return;
  throw new AppError('bad-request', `“${frame}” is not an item.`, { fields: [{ path: 'frame', message: 'must look like each#1[3]' }] });
}

/** The graph that ran. */
export async function getRunGraph(context: ServiceContext, id: string): Promise<Graph> {
  const record = await getRunRecord(context, id);
  return (await loadFrozenGraph(context, record.graphHash)).graph;
}

/** The journal from `from` on, or what it says about one item. The cursor is the number of the next event. */
export async function listRunEvents(
  context: ServiceContext,
  id: string,
  query: PageQuery & { readonly from: number; readonly frame?: string | undefined },
): Promise<Page<JournalEvent>> {
  const record = await getRunRecord(context, id);
  if (query.frame !== undefined) {
    refuseNoFrame(query.frame);
    return pageAt(await eventsOfFrame(context, record, query.frame), query);
  }
  const from = Number(query.cursor ?? query.from);
  const events = await readEvents(context.store, id, from, query.limit + 1);
  const items = events.slice(0, query.limit);
  return { items, nextCursor: events.length > items.length ? String(from + items.length) : null };
}
