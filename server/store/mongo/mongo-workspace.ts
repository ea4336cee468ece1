import { encodeCursor } from '../cursor.ts';
import { checkChanges, checkQuery, checkWorkspace, orderValue, storeMisuse } from '../declared-fields.ts';
import type { Collection, Expected, Page, Query, RecordUpdate, StoredRecord, WorkspaceStore } from '../port.ts';
import { type Journal, storedRow } from './journal.ts';
import type { RecordStore } from './record-store.ts';

const DEFAULT_LIMIT = 50;

/** Shared by all workspaces of a store. */
export interface MongoParts {
  readonly journal: Journal;
  readonly records: ReadonlyMap<string, RecordStore>;
  /** Performs an operation unless the store is closed, and translates its errors. */
  reading<T>(operation: () => Promise<T>): Promise<T>;
  writing<T>(operation: () => Promise<T>): Promise<T>;
}

/** One workspace's view of the store. */
export const createWorkspaceStore = (parts: MongoParts, workspaceId: string): WorkspaceStore => {
  const entry = (collection: Pick<Collection, 'name'>): RecordStore => {
    const found = parts.records.get(collection.name);
    if (!found) throw storeMisuse(collection, 'the store was opened without it.');
    return found;
  };
  const prepare = <T extends StoredRecord>({ collection, id, changes }: Pick<RecordUpdate<T>, 'collection' | 'id' | 'changes'>) => {
    checkChanges(collection, changes);
    const records = entry(collection);
    return { records, change: records.codec.change(id, changes) };
  };
  return {
    insert: (collection, record) =>
      parts.writing(async () => {
        checkWorkspace(collection, workspaceId, record);
        await entry(collection).insert(record);
      }),
    insertRun: (collection, record, head) =>
      parts.writing(async () => {
        checkWorkspace(collection, workspaceId, record);
        await entry(collection).insert(record, storedRow(head));
      }),
    get: <T extends StoredRecord>(collection: Collection<T>, id: string) =>
      parts.reading(async () => (await entry(collection).get(workspaceId, id)) as T | undefined),
    find: (collection, query = {}) => parts.reading(() => findPage(entry(collection), workspaceId, collection, query)),
    count: (collection, query, atMost) =>
      parts.reading(async () => {
        const records = entry(collection);
        checkQuery(collection, records.codec.fields, { ...query, limit: atMost });
        return records.count(workspaceId, query, atMost);
      }),
    update: <T extends StoredRecord>(collection: Collection<T>, id: string, changes: Partial<T>, expected?: Expected) =>
      parts.writing(async () => {
        const { records, change } = prepare({ collection, id, changes });
        return (await records.update(workspaceId, id, change, expected)) as T | undefined;
      }),
    clearMarks: (collection, field, marked) => parts.writing(() => entry(collection).clearMarks(workspaceId, field, marked)),
    delete: (collection, id, expected) => parts.writing(() => entry(collection).delete(workspaceId, id, expected)),
    append: (row, followUp) =>
      parts.writing(async () => {
        const following = followUp && prepare(followUp);
        await parts.journal.append(workspaceId, row);
        if (followUp && following) await following.records.updateSoon(workspaceId, followUp.id, following.change, followUp.expected);
      }),
    rewriteJournal: (row) => parts.writing(() => parts.journal.rewrite(workspaceId, row)),
    deleteJournal: (runId) => parts.writing(() => parts.journal.remove(workspaceId, runId)),
    forgetRemoved: () => Promise.resolve(),
    readJournal: (runId, fromSeq = 1, limit) => parts.reading(() => parts.journal.read(workspaceId, runId, fromSeq, limit)),
  };
};

const findPage = async <T extends StoredRecord>(records: RecordStore, workspaceId: string, collection: Collection<T>, query: Query): Promise<Page<T>> => {
  checkQuery(collection, records.codec.fields, query);
  const limit = query.limit ?? DEFAULT_LIMIT;
  const found = (await records.find(workspaceId, query, limit)) as T[];
  const items = found.slice(0, limit);
  const last = items.at(-1);
  if (found.length <= limit || last === undefined) return { items, nextCursor: null };
  return { items, nextCursor: encodeCursor({ value: orderValue(last, query.order?.field ?? 'id'), id: last.id }) };
};
