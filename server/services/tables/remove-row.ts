import { randomUUID } from 'node:crypto';
import { type RowRecord, tableRows } from '../../store/state/table-collections.ts';
import { forgetDeletedRow, type RowStore } from './write-rows.ts';

/** Deletes a row if it `fits`. What a run has changed in it and not settled yet remains until it is. Returns whether it was deleted. */
export async function removeRow(
  store: Pick<RowStore, 'get' | 'update' | 'delete'>,
  rowId: string,
  { at, fits }: { readonly at: string; readonly fits: (row: RowRecord) => boolean },
): Promise<boolean> {
  for (;;) {
    const row = await store.get(tableRows, rowId);
    if (!row || row.deletedAt !== null || !fits(row)) return false;
    const changes = { place: null, key: null, cells: {}, deletedAt: at, stamp: randomUUID() };
    if (!(await store.update(tableRows, rowId, changes, { equal: { stamp: row.stamp } }))) continue;
    await forgetDeletedRow(store, rowId);
    return true;
  }
}
