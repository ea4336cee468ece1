import type { StatementSync } from 'node:sqlite';
import { encodeCursor } from '../cursor.ts';
import { checkChanges, checkQuery, checkWorkspace, storeMisuse } from '../declared-fields.ts';
import type { Collection, Expected, Page, Query, RecordUpdate, Scalar, StoredRecord, WorkspaceStore } from '../port.ts';
import type { Aside } from './aside.ts';
import type { CommitQueue } from './commit-queue.ts';
import { type FindStatement, findStatement } from './find-statement.ts';
import type { Journal } from './journal.ts';
import { unpackJson } from './packed-json.ts';
import { quote } from './quote.ts';
import { copyChanges } from './record-update.ts';
import { searchRequest } from './search-request.ts';
import type { Table } from './table.ts';
import type { TableWriter } from './table-writer.ts';

const DEFAULT_LIMIT = 50;

/** Shared by all workspaces of a store. */
export interface SqliteParts {
  readonly queue: CommitQueue;
  readonly journal: Journal;
  readonly aside: Aside;
  readonly tables: ReadonlyMap<string, { readonly table: Table; readonly writer: TableWriter }>;
  prepare(sql: string): StatementSync;
  /** Reads, and translates errors. */
  reading<T>(read: () => T): T;
  /** Throws if the store is closed. */
  assertOpen(): void;
}

/** One workspace's view of the store. */
export const createWorkspaceStore = (parts: SqliteParts, workspaceId: string): WorkspaceStore => {
  const entry = (collection: Pick<Collection, 'name'>) => {
    parts.assertOpen();
    const found = parts.tables.get(collection.name);
    if (!found) throw storeMisuse(collection, 'the store was opened without it.');
    return found;
  };
  const update = <T extends StoredRecord>({ collection, id, changes, expected = {} }: RecordUpdate<T>) => {
    checkChanges(collection, changes);
    const { writer } = entry(collection);
    const copy = copyChanges(changes);
    return () => writer.update(workspaceId, id, copy, expected) as T | undefined;
  };
  return {
    insert: async (collection, record) => {
      checkWorkspace(collection, workspaceId, record);
      return parts.queue.write(entry(collection).writer.insert(record));
    },
    insertRun: async (collection, record, head) => {
      checkWorkspace(collection, workspaceId, record);
      const { writer } = entry(collection);
      const insert = writer.insert(record);
      const append = parts.journal.append(workspaceId, head);
      return parts.queue.write(() => {
        insert();
        try {
          append();
        } catch (thrown) {
          writer.delete(workspaceId, record.id);
          throw thrown;
        }
      });
    },
    get: async <T extends StoredRecord>(collection: Collection<T>, id: string) => {
      const { table } = entry(collection);
      const found = parts.reading(() => parts.prepare(`SELECT doc FROM ${quote(table.name)} WHERE workspace_id = ? AND id = ?`).get(workspaceId, id));
      return found === undefined ? undefined : parseDocument<T>(unpackJson(found.doc));
    },
    find: async (collection, query = {}) => findPage(parts, entry(collection).table, workspaceId, collection, query),
    update: async <T extends StoredRecord>(collection: Collection<T>, id: string, changes: Partial<T>, expected: Expected = {}) =>
      parts.queue.write(update({ collection, id, changes, expected })),
    delete: async (collection, id) => {
      const { writer } = entry(collection);
      return parts.queue.write(() => writer.delete(workspaceId, id));
    },
    append: async (row, followUp) => {
      parts.assertOpen();
      const append = parts.journal.append(workspaceId, row);
      if (!followUp) return parts.queue.write(append);
      let written = false;
      const follow = update(followUp);
      const appended = parts.queue.write(() => {
        append();
        written = true;
      });
      // Requested in the same turn, so it shares the commit.
      await Promise.all([appended, parts.queue.write(() => (written ? follow() : undefined))]);
    },
    readJournal: async (runId, fromSeq = 1, limit) => {
      parts.assertOpen();
      return parts.reading(() => parts.journal.read(workspaceId, runId, fromSeq, limit));
    },
  };
};

const findPage = async <T extends StoredRecord>(
  parts: SqliteParts,
  table: Table,
  workspaceId: string,
  collection: Collection<T>,
  query: Query,
): Promise<Page<T>> => {
  checkQuery(collection, table.fields, query);
  const limit = query.limit ?? DEFAULT_LIMIT;
  const search = searchRequest(table, workspaceId, query, limit);
  if (search) {
    const { docs, next } = await parts.aside.search(search);
    return { items: docs.map(parseDocument<T>), nextCursor: next ? encodeCursor(next) : null };
  }
  const statement = findStatement(table, workspaceId, query, limit);
  const { docs } = query.aside ? await parts.aside.find(statement) : { docs: readDocs(parts, statement) };
  const items = docs.slice(0, limit).map(parseDocument<T>);
  const last = items.at(-1);
  if (docs.length <= limit || last === undefined) return { items, nextCursor: null };
  return { items, nextCursor: encodeCursor({ value: orderValue(last, query.order?.field ?? 'id'), id: last.id }) };
};

const readDocs = ({ prepare, reading }: SqliteParts, { sql, values }: FindStatement): string[] =>
  reading(() =>
    prepare(sql)
      .all(...values)
      .map((row) => unpackJson(row.doc)),
  );

const orderValue = (record: StoredRecord, field: string): Scalar => (Object.hasOwn(record, field) ? (Reflect.get(record, field) as Scalar) : null);

// Records were checked when they were inserted; checking them again would cost more than reading them.
const parseDocument = <T>(doc: string): T => JSON.parse(doc) as T;
