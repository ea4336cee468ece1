import { isAppError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { Collection, Scalar, StoredRecord, WorkspaceStore } from '../store/port.ts';

/*
 * Inserts records that were read while they changed: two of them may have had the same unique value at different times. The one read first
 * no longer had it when the other was read, so it gives up the value.
 */

/** If another record has one of these values, the earlier record is kept under another name. */
const NAMES = new Set(['slug', 'name']);
/** A unique field that may be empty. */
const OPTIONAL = new Set(['idempotencyKey', 'slot']);

/** Inserts the record, unless it exists already. */
export async function insertRecord<T extends StoredRecord>(store: WorkspaceStore, collection: Collection<T>, record: T): Promise<void> {
  for (;;) {
    try {
      return await store.insert(collection, record);
    } catch (thrown) {
      if (!isAppError(thrown, 'already-exists')) throw thrown;
      if (await store.get(collection, record.id)) return;
      const index = collection.indexes.find(({ name }) => isPlainObject(thrown.details) && name === thrown.details.index);
      if (!index || !(await giveUp(store, collection, record, index.fields))) throw thrown;
    }
  }
}

/** False if no other record has these values. */
async function giveUp<T extends StoredRecord>(store: WorkspaceStore, collection: Collection<T>, record: T, fields: readonly string[]): Promise<boolean> {
  const where = Object.fromEntries(fields.map((field) => [field, Reflect.get(record, field) as Scalar]));
  const [earlier] = (await store.find(collection, { where, limit: 1 })).items;
  const [field = ''] = fields;
  if (!earlier) return false;
  if (OPTIONAL.has(field)) await store.update(collection, earlier.id, { [field]: null } as Partial<T>);
  else if (NAMES.has(field)) await store.update(collection, earlier.id, { [field]: `${String(where[field])}-${earlier.id.slice(-6)}` } as Partial<T>);
  else await store.delete(collection, earlier.id);
  return true;
}
