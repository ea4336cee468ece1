import { createHash, randomUUID } from 'node:crypto';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import type { RowChange, RowsResult } from '@switchyard/shared/tables/row-request.ts';
import { type Cells, MOST_ROWS_AT_ONCE } from '@switchyard/shared/tables/table.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { type RowChangeRecord, type RowRecord, rowChanges, tableRows } from '../../store/state/table-collections.ts';
import { createTurns } from '../state/turns-by-key.ts';
import { findRows, fitsFilter, placeOf, type RowPlace } from './find-rows.ts';
import { keyColumnOf, keyOf, mergeCells, readCells, rowView } from './row-cells.ts';
import { createRoom, type Room } from './row-room.ts';

/*
 * Changes rows, each change exactly once (S75). Invariants: 1. A change is inserted under the ID of its call before it is applied, and the
 * IDs of its rows are stored with it before the first of them changes. 2. A row is changed by compare-and-set, together with the ID of the
 * change and its result. 3. That ID leaves the row only after the result is in the change’s own record, and a deleted row is kept until
 * then. So a repetition that reads a row first, and the change after it, finds the change in one of them, or its write fails.
 */

export interface AskedRowChange {
  /** Unique to the call that asks. */
  readonly id: string;
  readonly runId: string | null;
  readonly change: RowChange;
  readonly at: string;
}

export type RowStore = Pick<WorkspaceStore, 'get' | 'find' | 'insert' | 'update' | 'delete' | 'count'>;

/** Applies a change, or finds that it was applied, and returns its result. Throws `bad-request`, `already-exists`, and `too-large`. */
export type WriteRows = (store: RowStore, place: RowPlace, asked: AskedRowChange) => Promise<RowsResult>;

/** Rows changed in parallel. */
const AT_ONCE = 50;

const NONE: RowsResult = { row: null, rows: [], count: 0, more: false, added: false };
const ONE_OF_MANY: RowsResult = { ...NONE, count: 1 };

/** One writer per process: it makes one change of a key at a time, so that changes of one process don’t race each other. */
export function createRowWriter(): WriteRows {
  const inTurn = createTurns();
  const room = createRoom();
  return async (store, place, asked) => {
    const cells = 'cells' in asked.change ? readCells(place.table, asked.change.cells) : {};
    const write = () => writeOnce({ store, place, room, cells }, asked);
    return asked.change.operation === 'upsert-row' ? inTurn(`${placeOf(place)} ${demandKey(place, cells)}`, write) : write();
  };
}

interface Parts {
  readonly store: RowStore;
  readonly place: RowPlace;
  readonly room: Room;
  /** Of the change, by column. */
  readonly cells: Cells;
}

function demandKey({ table }: RowPlace, cells: Cells): string {
  const column = keyColumnOf(table);
  if (!column) throw new AppError('bad-request', `The table “${table.name}” has no key column, so rows can’t be matched. Add rows instead.`);
  const key = keyOf(table, cells);
  if (key === null) throw new AppError('bad-request', `“${column.name}” is empty. It is the key column, which identifies the row. Enter a value.`);
  return key;
}

async function writeOnce(parts: Parts, { id, runId, change, at }: AskedRowChange): Promise<RowsResult> {
  const { store, place } = parts;
  const { workspaceId, id: tableId } = place.table;
  await insertIfAbsent(store, rowChanges, { id, workspaceId, runId, tableId, change, plans: 0, at });
  for (;;) {
    const record = await planned(parts, await changeOf(store, id));
    if (!record) continue;
    if (record.result) return record.result;
    const result = await applyAll(parts, record);
    if (!result) continue;
    await store.update(rowChanges, id, { result });
    if (change.operation === 'delete-rows') await inParts(record.targets ?? [], (row) => forgetDeletedRow(store, row));
    return result;
  }
}

async function changeOf(store: RowStore, id: string): Promise<RowChangeRecord> {
  const record = await store.get(rowChanges, id);
  if (!record) throw new AppError('cancelled', 'The run of this change has ended.');
  return record;
}

/** The ID of the row that a change adds. */
const newRowId = (changeId: string): string => `row_${createHash('sha256').update(changeId).digest('hex').slice(0, 32)}`;

/** The change with its rows chosen. Undefined if a repetition chose them at the same moment. */
async function planned({ store, place, cells }: Parts, record: RowChangeRecord): Promise<RowChangeRecord | undefined> {
  const { id, change, targets, plans } = record;
  if (record.result || targets) return record;
  if (change.operation === 'add-row') return { ...record, targets: [newRowId(id)] };
  const chosen = await choose(store, place, change, cells);
  return store.update(rowChanges, id, { ...chosen, targets: chosen.targets ?? [newRowId(id)], plans: plans + 1 }, { equal: { plans } });
}

/** The rows that a change is for. Without targets: a new one. */
async function choose(
  store: RowStore,
  place: RowPlace,
  change: Exclude<RowChange, { operation: 'add-row' }>,
  cells: Cells,
): Promise<{ targets?: string[]; more: boolean }> {
  if (change.operation === 'upsert-row') {
    const found = await rowWithKey(store, place, demandKey(place, cells));
    return { more: false, ...(found && { targets: [found.id] }) };
  }
  const { items, nextCursor } = await findRows(store, place, { filter: change.filter, sort: null, limit: MOST_ROWS_AT_ONCE });
  const key = keyColumnOf(place.table);
  if (key && Object.hasOwn(cells, key.id) && items.length > 1)
    throw new AppError('bad-request', `“${key.name}” is the key column, so it can’t be set in ${items.length} rows at once. Change one row at a time.`);
  return { targets: items.map((row) => row.id), more: nextCursor !== null };
}

export async function rowWithKey(store: Pick<RowStore, 'find'>, place: RowPlace, key: string): Promise<RowRecord | undefined> {
  return (await store.find(tableRows, { where: { place: placeOf(place), key }, limit: 1 })).items[0];
}

/** Applies a change to all its rows. Undefined: its only row has changed in a way that it must be chosen again. */
async function applyAll(parts: Parts, record: RowChangeRecord): Promise<RowsResult | undefined> {
  const { store } = parts;
  const { change, targets = [], plans } = record;
  if (change.operation === 'add-row' || change.operation === 'upsert-row') {
    const result = await applyTo(parts, record, targets[0] ?? '');
    if (!result) await store.update(rowChanges, record.id, { targets: undefined, plans: plans + 1 }, { equal: { plans } });
    return result;
  }
  const results = await inParts(targets, (id) => applyTo(parts, record, id));
  return { ...NONE, count: results.filter((result) => result !== undefined).length, more: record.more ?? false };
}

async function inParts<T, R>(list: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < list.length; from += AT_ONCE) results.push(...(await Promise.all(list.slice(from, from + AT_ONCE).map(work))));
  return results;
}

/** Applies a change to one row. Undefined if the row is not one of those that the change is for anymore. */
async function applyTo(parts: Parts, record: RowChangeRecord, rowId: string): Promise<RowsResult | undefined> {
  const { store } = parts;
  for (;;) {
    const row = await store.get(tableRows, rowId);
    // After the row: see invariant 3.
    const { result: settled } = await changeOf(store, record.id);
    if (settled) return settled;
    const known = row?.pending.find(({ id }) => id === record.id);
    if (known) return known.result;
    const attempt = row ? await changeRow(parts, record, row) : await addRow(parts, record, rowId);
    if (attempt !== 'again') return attempt;
  }
}

type Attempt = RowsResult | undefined | 'again';

async function addRow({ store, place, cells: given, room }: Parts, { id, runId, change, at }: RowChangeRecord, rowId: string): Promise<Attempt> {
  if (rowId !== newRowId(id)) return undefined;
  const { table, space } = place;
  const cells = mergeCells({}, given);
  const row = { id: rowId, createdAt: at, updatedAt: at, cells: { ...cells } };
  const view = rowView(table, row);
  const result: RowsResult = { row: view, rows: [view], count: 1, more: false, added: true };
  await room.demand(store, place);
  const key = keyOf(table, cells);
  const record: RowRecord = {
    ...row,
    workspaceId: table.workspaceId,
    tableId: table.id,
    place: placeOf(place),
    space,
    key,
    stamp: randomUUID(),
    pending: [{ id, result }],
    deletedAt: null,
    runId,
  };
  try {
    await store.insert(tableRows, record);
    return result;
  } catch (thrown) {
    if (!isAppError(thrown, 'already-exists')) throw thrown;
    // A repetition may have inserted it. Which of its unique fields is reported differs by store.
    if (await store.get(tableRows, rowId)) return 'again';
    if (change.operation === 'upsert-row') return undefined;
    throw keyTaken(place, key);
  }
}

/** The key of a row that is taken. */
export const keyTaken = ({ table }: RowPlace, key: string | null): AppError =>
  new AppError('already-exists', `The table “${table.name}” already has a row with “${keyColumnOf(table)?.name}” = “${key}”.`);

async function changeRow(parts: Parts, { id, runId, change, at }: RowChangeRecord, row: RowRecord): Promise<Attempt> {
  const { store, place } = parts;
  if (row.place === null || !isStillMeant(parts, change, row)) return undefined;
  const pending = await unsettledIn(store, row);
  const written = { stamp: randomUUID(), updatedAt: at, runId };
  if (change.operation === 'delete-rows') {
    const gone = { ...written, place: null, key: null, cells: {}, deletedAt: at, pending: [...pending, { id, result: ONE_OF_MANY }] };
    return (await store.update(tableRows, row.id, gone, { equal: { stamp: row.stamp } })) ? ONE_OF_MANY : 'again';
  }
  const cells = { ...mergeCells(row.cells, parts.cells) };
  const view = rowView(place.table, { ...row, cells, updatedAt: at });
  const result = change.operation === 'upsert-row' ? { ...NONE, row: view, rows: [view], count: 1 } : ONE_OF_MANY;
  const key = keyOf(place.table, cells);
  const changes = { ...written, cells, key, pending: [...pending, { id, result }] };
  try {
    return (await store.update(tableRows, row.id, changes, { equal: { stamp: row.stamp } })) ? result : 'again';
  } catch (thrown) {
    if (isAppError(thrown, 'already-exists')) throw keyTaken(place, key);
    throw thrown;
  }
}

/** A row may have changed since it was chosen. */
function isStillMeant({ place: { table }, cells }: Parts, change: RowChange, row: RowRecord): boolean {
  if (change.operation === 'upsert-row') return row.key === keyOf(table, cells);
  return 'filter' in change && fitsFilter(table, change.filter, row.cells);
}

/** What is pending in a row and not settled yet. A change without a record was settled, and its run has ended. */
async function unsettledIn(store: Pick<RowStore, 'get'>, { pending }: RowRecord): Promise<RowRecord['pending']> {
  const records = await Promise.all(pending.map(({ id }) => store.get(rowChanges, id)));
  return pending.filter((_, index) => records[index] && !records[index]?.result);
}

/** Whether no change of a row can be repeated. */
export const isSettled = async (store: Pick<RowStore, 'get'>, row: RowRecord): Promise<boolean> => (await unsettledIn(store, row)).length === 0;

/** Removes what remains of a deleted row, if all its changes are settled. */
export async function forgetDeletedRow(store: Pick<RowStore, 'get' | 'delete'>, rowId: string): Promise<void> {
  const row = await store.get(tableRows, rowId);
  if (!row || row.deletedAt === null || !(await isSettled(store, row))) return;
  await store.delete(tableRows, rowId, { equal: { stamp: row.stamp } });
}
