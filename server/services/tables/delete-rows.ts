import type { WorkspaceStore } from '../../store/port.ts';
import { type RowRecord, tableRows } from '../../store/state/table-collections.ts';

const AT_ONCE = 200;
/** About as many as one request can delete. */
const MOST = 20_000;

/** Deletes rows, whatever changes are pending. Returns whether all are gone. Ends early on `stop`, and after 20,000. */
export async function deleteSomeRows(
  store: Pick<WorkspaceStore, 'find' | 'delete'>,
  where: Readonly<Record<string, string>>,
  stop?: AbortSignal,
): Promise<boolean> {
  for (let deleted = 0; deleted < MOST; deleted += AT_ONCE) {
    if (stop?.aborted) return false;
    const { items, nextCursor } = await store.find(tableRows, { where, limit: AT_ONCE });
    await Promise.all(items.map(({ id }) => store.delete(tableRows, id)));
    if (nextCursor === null) return true;
  }
  return false;
}

/** Each page of rows, however they change meanwhile. */
export async function* pagesOfRows(
  store: Pick<WorkspaceStore, 'find'>,
  query: { readonly where: Readonly<Record<string, string>>; readonly range?: { field: string; from: string; to: string }; readonly order?: string },
  limit = AT_ONCE,
): AsyncGenerator<RowRecord[]> {
  let cursor: string | null = null;
  do {
    const { where, range, order } = query;
    const page: { items: RowRecord[]; nextCursor: string | null } = await store.find(tableRows, {
      where,
      ...(range && { range }),
      ...(order !== undefined && { order: { field: order } }),
      limit,
      ...(cursor !== null && { cursor }),
    });
    if (page.items.length > 0) yield page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
