import type { Collection, Page, Query, StoredRecord, WorkspaceStore } from './port.ts';

const PAGE = 500;

/** All matching records, however many there are. For data that must be complete, such as the budgets and kill switches in force. */
export async function findAll<T extends StoredRecord>(
  store: Pick<WorkspaceStore, 'find'>,
  collection: Collection<T>,
  query: Omit<Query, 'limit' | 'cursor'> = {},
): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await store.find(collection, { ...query, limit: PAGE, ...(cursor !== null && { cursor }) });
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}
