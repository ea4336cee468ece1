import type { WorkspaceStore } from '../../store/port.ts';
import { pagesOfRows } from './delete-rows.ts';
import { removeRow } from './remove-row.ts';

/** Deletes the rows that a run wrote last, and returns how many. Only counts them in a dry run. */
export async function eraseRowsOf(store: WorkspaceStore, runId: string, { dryRun, at }: { readonly dryRun: boolean; readonly at: string }): Promise<number> {
  let count = 0;
  for await (const rows of pagesOfRows(store, { where: { runId } })) {
    for (const { id, deletedAt } of rows) {
      const isErased = deletedAt === null && (dryRun || (await removeRow(store, id, { at, fits: (row) => row.runId === runId })));
      if (isErased) count++;
    }
  }
  return count;
}
