import type { DailyHead } from '@switchyard/shared/contracts/insight/daily-heads.ts';
import type { Evidence } from '@switchyard/shared/contracts/insight/evidence.ts';
import type { RunRecord } from '../../../store/collections.ts';
import { findAll } from '../../../store/find-all.ts';
import { type DailyHeadRecord, dailyHeads, headPages } from '../../../store/insight/day-collections.ts';
import type { WorkspaceStore } from '../../../store/port.ts';
import type { ServiceContext } from '../../context.ts';
import { PAGE_LEAVES, pathOf } from '../chain/day-chain.ts';

/* Reads daily heads, and the proof that a run is in one (S89). */

/** A run is in the head of the day in which it ended, or in one of the next. */
const HEADS_AFTER = 3;

export const headView = ({ format, workspace, day, number, previous, runs, root, audit, closedAt, hash, signature }: DailyHeadRecord): DailyHead => ({
  format,
  workspace,
  day,
  number,
  previous,
  runs,
  root,
  audit,
  closedAt,
  hash,
  signature,
});

/** Daily heads, newest first. */
export async function listDailyHeads({ store }: ServiceContext, { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined }) {
  const page = await store.find(dailyHeads, { order: { field: 'number', descending: true }, limit, ...(cursor !== undefined && { cursor }) });
  return { items: page.items.map((head) => ({ ...headView(head), delivery: deliveryOf(head) })), nextCursor: page.nextCursor };
}

const deliveryOf = ({ attempts, attemptedAt, error }: DailyHeadRecord) => (attemptedAt === null ? null : { at: attemptedAt, attempts, error });

/** The head that an ended run is in, and the way from its leaf to the root. Undefined until its day is closed. */
export async function dayProofOf(store: WorkspaceStore, { id, endedAt }: Pick<RunRecord, 'id' | 'endedAt'>): Promise<Evidence['day']> {
  if (endedAt === null) return undefined;
  const { items } = await store.find(dailyHeads, { range: { field: 'day', from: endedAt.slice(0, 10) }, order: { field: 'day' }, limit: HEADS_AFTER });
  for (const head of items) {
    const found = await store.find(headPages, {
      where: { set: head.set },
      range: { field: 'first', to: id },
      order: { field: 'first', descending: true },
      limit: 1,
    });
    const page = found.items[0];
    const place = page?.runs.indexOf(id) ?? -1;
    if (!page || place < 0) continue;
    const pages = await findAll(store, headPages, { where: { set: head.set }, order: { field: 'first' }, fields: ['first', 'root'] });
    const number = pages.findIndex((one) => one.id === page.id);
    const path = [
      ...pathOf(page.leaves, place),
      ...pathOf(
        pages.map(({ root }) => root),
        number,
      ),
    ];
    return { head: headView(head), index: number * PAGE_LEAVES + place, path };
  }
  return undefined;
}
