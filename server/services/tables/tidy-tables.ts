import { isEnded } from '@switchyard/shared/run/state.ts';
import { STATE_SPACES } from '@switchyard/shared/run/state-change.ts';
import { runs } from '../../store/collections.ts';
import { findAll } from '../../store/find-all.ts';
import type { Page, WorkspaceStore } from '../../store/port.ts';
import { type RowRecord, rowChanges, type TableRecord, tableRows, tables } from '../../store/state/table-collections.ts';
import { deleteSomeRows, pagesOfRows } from './delete-rows.ts';
import { placeOf } from './find-rows.ts';
import { forgetDeletedRow, isSettled } from './write-rows.ts';

/*
 * Deletes what tables no longer need: changes that no run can repeat, what remains of deleted rows, columns, and tables, and rows that are
 * older than their table keeps them.
 */

/** A process that lost a run may still be about to write. It is fenced long before. */
const KEPT_MS = 3_600_000;
const DAY_MS = 86_400_000;
const PAGE = 200;

export async function tidyTables(store: WorkspaceStore, now: Date, stop: AbortSignal): Promise<void> {
  const to = new Date(now.getTime() - KEPT_MS).toISOString();
  await forgetChanges(store, to, stop);
  await forgetDeleted(store, to, stop);
  for (const table of await findAll(store, tables)) {
    if (stop.aborted) return;
    if (table.deletedAt !== null) {
      if (await deleteSomeRows(store, { tableId: table.id }, stop)) await store.delete(tables, table.id);
      continue;
    }
    if (table.keepDays !== null) await deleteOld(store, table, new Date(now.getTime() - table.keepDays * DAY_MS).toISOString(), stop);
    if (table.removed.length > 0) await removeCells(store, table, stop);
  }
}

async function forgetChanges(store: WorkspaceStore, to: string, stop: AbortSignal): Promise<void> {
  let cursor: string | null = null;
  do {
    const page: Page<{ id: string; workspaceId: string; runId: string | null }> = await store.find(rowChanges, {
      range: { field: 'at', from: '0', to },
      order: { field: 'at' },
      limit: PAGE,
      ...(cursor !== null && { cursor }),
    });
    for (const { id, runId } of page.items) {
      if (stop.aborted) return;
      const run = runId === null ? undefined : await store.get(runs, runId);
      if (!run || isEnded(run.status)) await store.delete(rowChanges, id);
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
}

async function forgetDeleted(store: WorkspaceStore, to: string, stop: AbortSignal): Promise<void> {
  for await (const rows of pagesOfRows(store, { where: {}, range: { field: 'deletedAt', from: '0', to }, order: 'deletedAt' })) {
    if (stop.aborted) return;
    await Promise.all(rows.map(({ id }) => forgetDeletedRow(store, id)));
  }
}

/** Deletes rows of live and draft runs that have not changed since. */
async function deleteOld(store: WorkspaceStore, table: TableRecord, to: string, stop: AbortSignal): Promise<void> {
  for (const space of STATE_SPACES) {
    const query = { where: { place: placeOf({ table, space }) }, range: { field: 'updatedAt', from: '0', to }, order: 'updatedAt' };
    for await (const rows of pagesOfRows(store, query)) {
      if (stop.aborted) return;
      await Promise.all(rows.map((row) => deleteIfSettled(store, row)));
    }
  }
}

async function deleteIfSettled(store: WorkspaceStore, row: RowRecord): Promise<void> {
  if (await isSettled(store, row)) await store.delete(tableRows, row.id, { equal: { stamp: row.stamp } });
}

/** Removes the cells of removed columns. A pass that was interrupted, or met a row that changed, is repeated. */
async function removeCells(store: WorkspaceStore, table: TableRecord, stop: AbortSignal): Promise<void> {
  const gone = new Set(table.removed);
  let left = 0;
  for await (const rows of pagesOfRows(store, { where: { tableId: table.id } })) {
    if (stop.aborted) return;
    const done = rows.map(async ({ id, cells, stamp }) => {
      const kept = Object.entries(cells).filter(([column]) => !gone.has(column));
      if (kept.length === Object.keys(cells).length) return true;
      return (await store.update(tableRows, id, { cells: Object.fromEntries(kept) }, { equal: { stamp } })) !== undefined;
    });
    left += (await Promise.all(done)).filter((isDone) => !isDone).length;
  }
  if (left === 0) await store.update(tables, table.id, { removed: [], revision: table.revision + 1 }, { equal: { revision: table.revision } });
}
