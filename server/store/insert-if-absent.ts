import { isAppError } from '@switchyard/shared/errors.ts';
import type { Collection, StoredRecord, WorkspaceStore } from './port.ts';

/** Inserts a record unless its ID or one of its unique fields is taken. Returns whether it was inserted. */
export async function insertIfAbsent<T extends StoredRecord>(store: Pick<WorkspaceStore, 'insert'>, collection: Collection<T>, record: T): Promise<boolean> {
  try {
    await store.insert(collection, record);
    return true;
  } catch (thrown) {
    if (isAppError(thrown, 'already-exists')) return false;
    throw thrown;
  }
}
