import type { DatabaseSync } from 'node:sqlite';
import { columnValue } from '../columns.ts';
import { quote } from '../quote.ts';
import type { Prepare } from '../statement-cache.ts';
import { emptyLog } from './empty-log.ts';
import { packJson, parseStored, unpackJson } from './packed-json.ts';
import { applyChanges, meets } from './record-update.ts';
import {
  type Append,
  type ClearMarks,
  type Delete,
  type DeleteJournal,
  type Insert,
  type JournalEntry,
  type Outcome,
  type Rewrite,
  toWriteError,
  type Update,
  type Write,
  type WriteValue,
  type WrittenTable,
} from './write.ts';

/*
 * Commits batches of writes. Owns: the write transaction, and how writes become statements.
 * Invariants: 1. Writes run in the order they were requested. 2. A failed write changes nothing and fails no other write: SQLite rolls back
 * its statement. 3. If the commit fails, nothing of the batch was written. Runs in the server's thread or in the commit thread, so it
 * imports nothing heavy.
 */

/** Commits a batch and returns one outcome per write. Throws if the commit failed. */
export type CommitBatch = (batch: readonly Write[]) => Outcome[];

/** Writes to a database without concurrent writers. */
export function createCommitter(database: DatabaseSync, prepare: Prepare, written: readonly WrittenTable[]): CommitBatch {
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const perform = createPerformer(prepare, written);

  const outcomeOf = (write: Write): Outcome => {
    try {
      return { value: perform(write) };
    } catch (thrown) {
      // On a full disk SQLite may roll back the whole transaction: then nothing of the batch was written.
      if (!database.isTransaction) throw thrown;
      return { error: toWriteError(thrown) };
    }
  };

  const commitAll = (batch: readonly Write[]): Outcome[] => {
    try {
      begin.run();
      const outcomes = batch.map(outcomeOf);
      commit.run();
      return outcomes;
    } catch (thrown) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw thrown;
    }
  };

  return (batch) => {
    const outcomes = commitAll(batch);
    if (!batch.some(({ kind }) => kind === 'empty-log')) return outcomes;
    const emptied = emptyingOf(database);
    return outcomes.map((outcome, index) => (batch[index]?.kind === 'empty-log' ? emptied : outcome));
  };
}

function emptyingOf(database: DatabaseSync): Outcome {
  try {
    return { value: emptyLog(database) };
  } catch (thrown) {
    return { error: toWriteError(thrown) };
  }
}

function createPerformer(prepare: Prepare, written: readonly WrittenTable[]) {
  const tables = new Map(written.map((table) => [table.name, { table, ...statementsOf(table) }]));
  const appendSql = 'INSERT INTO journal (workspace_id, run_id, seq, epoch, v, events, seal) VALUES (?, ?, ?, ?, ?, ?, ?)';

  const tableOf = (name: string) => {
    const found = tables.get(name);
    if (!found) throw new Error(`The store was opened without the table “${name}”`);
    return found;
  };

  const append = ({ workspaceId, runId, seq, epoch, v, events, seal }: JournalEntry): void => {
    prepare(appendSql).run(workspaceId, runId, seq, epoch, v, packJson(events), seal);
  };

  const insert = ({ table, workspaceId, id, doc, final, columns, head }: Insert): undefined => {
    const { insertSql, deleteSql } = tableOf(table);
    prepare(insertSql).run(workspaceId, id, final ? packJson(doc) : doc, ...columns);
    if (!head) return;
    try {
      append(head);
    } catch (thrown) {
      prepare(deleteSql).run(workspaceId, id);
      throw thrown;
    }
  };

  const update = ({ table: name, workspaceId, id, changes, expected }: Update): string | undefined => {
    const { table, readSql } = tableOf(name);
    const found = prepare(readSql).get(workspaceId, id);
    if (found === undefined) return undefined;
    const record = parseStored<Record<string, unknown>>(unpackJson(found.doc));
    if (!meets(record, expected)) return undefined;
    const touched = table.columns.filter(({ field }) => Object.hasOwn(changes.values, field) || changes.removed.includes(field));
    const before = touched.map((column) => columnValue(column, record));
    applyChanges(record, changes);
    // Only changed columns are named, so SQLite doesn't touch the other indexes.
    const changed = touched.filter((column, index) => columnValue(column, record) !== before[index]);
    const assignments = ['doc = ?', ...changed.map((column) => `${quote(column.name)} = ?`)].join(', ');
    const doc = JSON.stringify(record);
    const values = changed.map((column) => columnValue(column, record) ?? null);
    prepare(`UPDATE ${quote(name)} SET ${assignments} WHERE rowid = ?`).run(isFinal(table, record) ? packJson(doc) : doc, ...values, Number(found.row));
    return doc;
  };

  const appendAll = ({ entry, followUp }: Append): undefined => {
    append(entry);
    if (followUp) update(followUp);
  };

  const rewrite = ({ entry: { workspaceId, runId, seq, events, seal } }: Rewrite): undefined => {
    prepare('UPDATE journal SET events = ?, seal = ? WHERE workspace_id = ? AND run_id = ? AND seq = ?').run(packJson(events), seal, workspaceId, runId, seq);
  };

  const deleteJournal = ({ workspaceId, runId }: DeleteJournal): undefined => {
    prepare('DELETE FROM journal WHERE workspace_id = ? AND run_id = ?').run(workspaceId, runId);
  };

  const remove = (asked: Delete): boolean => removeRecord(prepare, tableOf(asked.table), asked);

  return (write: Write): WriteValue => {
    switch (write.kind) {
      case 'insert':
        return insert(write);
      case 'update':
        return update(write);
      case 'clear-marks':
        return clearMarks(prepare, tableOf(write.table).table, write);
      case 'delete':
        return remove(write);
      case 'append':
        return appendAll(write);
      case 'rewrite':
        return rewrite(write);
      case 'delete-journal':
        return deleteJournal(write);
      case 'probe':
        return probe(prepare);
      case 'empty-log':
        return undefined;
    }
  };
}

function probe(prepare: Prepare): undefined {
  const version = prepare('PRAGMA user_version').get()?.user_version;
  prepare(`PRAGMA user_version = ${Number(version)}`).run();
}

/** Only the column: unpacking and packing the documents would cost more than everything else. */
function clearMarks(prepare: Prepare, { name, columns }: WrittenTable, { workspaceId, field, marked }: ClearMarks): undefined {
  const column = columns.find((candidate) => candidate.field === field && candidate.kind === 'scalar');
  if (!column) throw new Error(`“${field}” is not an indexed field of ${name}`);
  const cleared = prepare(`UPDATE ${quote(name)} SET ${quote(column.name)} = NULL WHERE workspace_id = ? AND id = ? AND ${quote(column.name)} = ?`);
  for (const { id, value } of marked) cleared.run(workspaceId, id, value);
}

function removeRecord(prepare: Prepare, { readSql, deleteSql }: ReturnType<typeof statementsOf>, { workspaceId, id, expected }: Delete): boolean {
  if (expected) {
    const found = prepare(readSql).get(workspaceId, id);
    if (found === undefined || !meets(parseStored<Record<string, unknown>>(unpackJson(found.doc)), expected)) return false;
  }
  return Number(prepare(deleteSql).run(workspaceId, id).changes) > 0;
}

function statementsOf({ name, columns }: WrittenTable) {
  const names = ['workspace_id', 'id', 'doc', ...columns.map((column) => quote(column.name))];
  const table = quote(name);
  return {
    insertSql: `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    readSql: `SELECT rowid AS row, doc FROM ${table} WHERE workspace_id = ? AND id = ?`,
    deleteSql: `DELETE FROM ${table} WHERE workspace_id = ? AND id = ?`,
  };
}

/** Whether a record is stored packed. */
export const isFinal = ({ finalWhenSet }: WrittenTable, record: object): boolean =>
  finalWhenSet !== undefined && Object.hasOwn(record, finalWhenSet) && (Reflect.get(record, finalWhenSet) ?? null) !== null;
