import { encodeCursor } from '../cursor.ts';
import { checkChanges, checkQuery, checkWorkspace, orderValue, storeMisuse } from '../declared-fields.ts';
import type { Collection, Expected, NewRow, Page, Query, RecordUpdate, StoredRecord, WorkspaceStore } from '../port.ts';
import type { Aside } from './aside/aside.ts';
import type { CommitQueue } from './commit/commit-queue.ts';
import { parseStored, unpackJson } from './commit/packed-json.ts';
import { copyChanges } from './commit/record-update.ts';
import type { Insert, Update } from './commit/write.ts';
import { countStatement, type FindStatement, findStatement } from './find-statement.ts';
import { journalEntry, readJournal } from './journal.ts';
import { quote } from './quote.ts';
import { searchRequest } from './search-request.ts';
import type { Prepare } from './statement-cache.ts';
import { checkColumns, insertInto, type Table } from './table.ts';

const DEFAULT_LIMIT = 50;

/** Shared by all workspaces of a store. */
export interface SqliteParts {
  readonly queue: CommitQueue;
  readonly aside: Aside;
  readonly tables: ReadonlyMap<string, Table>;
  readonly prepare: Prepare;
  /** Reads, and translates errors. */
  reading<T>(read: () => T): T;
  /** Throws if the store is closed. */
  assertOpen(): void;
  forgetRemoved(): Promise<void>;
}

/** One workspace's view of the store. */
export const createWorkspaceStore = (parts: SqliteParts, workspaceId: string): WorkspaceStore => {
  const tableOf = (collection: Pick<Collection, 'name'>): Table => {
    parts.assertOpen();
    const found = parts.tables.get(collection.name);
    if (!found) throw storeMisuse(collection, 'the store was opened without it.');
    return found;
  };
  const insertOf = <T extends StoredRecord>(collection: Collection<T>, record: T, head?: NewRow): Insert => {
    checkWorkspace(collection, workspaceId, record);
    return insertInto(tableOf(collection), record, head && journalEntry(workspaceId, head));
  };
  const updateOf = <T extends StoredRecord>({ collection, id, changes, expected }: RecordUpdate<T>): Update => {
    checkChanges(collection, changes);
    const table = tableOf(collection);
    const copy = copyChanges(changes);
    checkColumns(table, copy.values);
    return { kind: 'update', table: table.name, workspaceId, id, changes: copy, expected: expected ? structuredClone(expected) : {} };
  };
  return {
    insert: async (collection, record) => void (await parts.queue.write(insertOf(collection, record))),
    insertRun: async (collection, record, head) => void (await parts.queue.write(insertOf(collection, record, head))),
    get: async <T extends StoredRecord>(collection: Collection<T>, id: string) => {
      const table = tableOf(collection);
      return parts.reading(() => {
        const found = parts.prepare(`SELECT doc FROM ${quote(table.name)} WHERE workspace_id = ? AND id = ?`).get(workspaceId, id);
        return found === undefined ? undefined : parseStored<T>(unpackJson(found.doc));
      });
    },
    find: async (collection, query = {}) => findPage(parts, tableOf(collection), workspaceId, collection, query),
    count: async (collection, query, atMost) => {
      const table = tableOf(collection);
      checkQuery(collection, table.fields, { ...query, limit: atMost });
      const { sql, values } = countStatement(table, workspaceId, query);
      const statement = { sql, values: [...values, atMost] };
      const { docs } = query.aside ? await parts.aside.find(table.name, statement) : { docs: readDocs(parts, statement) };
      return Number(docs[0]);
    },
    update: async <T extends StoredRecord>(collection: Collection<T>, id: string, changes: Partial<T>, expected?: Expected) => {
      const doc = await parts.queue.write(updateOf({ collection, id, changes, ...(expected && { expected }) }));
      return typeof doc === 'string' ? parseStored<T>(doc) : undefined;
    },
    clearMarks: async ({ name }, field, marked) => {
      if (marked.length === 0) return;
      await parts.queue.write({ kind: 'clear-marks', table: tableOf({ name }).name, workspaceId, field, marked: structuredClone(marked) });
    },
    delete: async (collection, id, expected) =>
      (await parts.queue.write({
        kind: 'delete',
        table: tableOf(collection).name,
        workspaceId,
        id,
        ...(expected && { expected: structuredClone(expected) }),
      })) === true,
    append: async (row, followUp) => {
      parts.assertOpen();
      await parts.queue.write({ kind: 'append', entry: journalEntry(workspaceId, row), followUp: followUp && updateOf(followUp) });
    },
    rewriteJournal: async (row) => {
      parts.assertOpen();
      await parts.queue.write({ kind: 'rewrite', entry: journalEntry(workspaceId, row) });
    },
    deleteJournal: async (runId) => {
      parts.assertOpen();
      await parts.queue.write({ kind: 'delete-journal', workspaceId, runId });
    },
    forgetRemoved: parts.forgetRemoved,
    readJournal: async (runId, fromSeq = 1, limit) => {
      parts.assertOpen();
      return parts.reading(() => readJournal(parts.prepare, { workspaceId, runId, fromSeq, limit }));
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
  const parseAll = (docs: readonly string[]): T[] => parts.reading(() => docs.map(parseStored<T>));
  const limit = query.limit ?? DEFAULT_LIMIT;
  const search = searchRequest(table, workspaceId, query, limit);
  if (search) {
    const { docs, next } = await parts.aside.search(search);
    return { items: parseAll(docs), nextCursor: next ? encodeCursor(next) : null };
  }
  const statement = findStatement(table, workspaceId, query, limit);
  const { docs } = query.aside ? await parts.aside.find(table.name, statement) : { docs: readDocs(parts, statement) };
  const items = parseAll(docs.slice(0, limit));
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
