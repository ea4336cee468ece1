import { randomUUID } from 'node:crypto';
import type * as contracts from '@switchyard/shared/contracts/state/tables.ts';
import type { StoredRow } from '@switchyard/shared/contracts/state/tables.ts';
import { AppError, isAppError, toAppError } from '@switchyard/shared/errors.ts';
import { cellText } from '@switchyard/shared/tables/cell.ts';
import type { NamedCells } from '@switchyard/shared/tables/row-request.ts';
import type { z } from 'zod';
import type { Page } from '../../store/port.ts';
import { type RowRecord, type TableRecord, tableRows } from '../../store/state/table-collections.ts';
import { ownTurn } from '../../turns.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { csvLine } from '../csv.ts';
import { newId } from '../ids.ts';
import { pagesOfRows } from './delete-rows.ts';
import { findRows, placeOf, type RowPlace } from './find-rows.ts';
import { removeRow } from './remove-row.ts';
import { keyOf, mergeCells, readCells } from './row-cells.ts';
import { createRoom } from './row-room.ts';
import { tableOfId } from './tables.ts';
import { keyTaken, rowWithKey } from './write-rows.ts';

/* Rows for people: found, added, edited, deleted, and as CSV. A person’s change is one write, so it needs no record of its own. */

type Body<C extends { body: z.ZodType }> = z.output<C['body']>;

const namedCells = ({ columns }: TableRecord, cells: RowRecord['cells']): NamedCells =>
  Object.fromEntries(columns.flatMap(({ id, name }) => (Object.hasOwn(cells, id) ? [[name, cells[id]]] : [])));

const rowOf = (table: TableRecord, { id, cells, createdAt, updatedAt, runId }: RowRecord): StoredRow => ({
  id,
  cells: namedCells(table, cells),
  createdAt,
  updatedAt,
  runId,
});

export async function findTableRows(context: ServiceContext, id: string, body: Body<typeof contracts.findTableRows>): Promise<Page<StoredRow>> {
  const table = await tableOfId(context, id);
  const page = await findRows(context.store, { table, space: body.space }, body);
  return { ...page, items: page.items.map((row) => rowOf(table, row)) };
}

export async function addTableRow(context: ServiceContext, id: string, { space, cells }: Body<typeof contracts.addTableRow>): Promise<StoredRow> {
  const table = await tableOfId(context, id);
  const place = { table, space };
  await createRoom().demand(context.store, place);
  return rowOf(table, await insertRow(context, place, cells, 0));
}

/** Inserts a row. Its place among rows of the same time follows `number`. Throws `bad-request`, `already-exists`, `too-large`. */
async function insertRow(context: ServiceContext, place: RowPlace, named: NamedCells, number: number): Promise<RowRecord> {
  const { table, space } = place;
  const cells = mergeCells({}, readCells(table, named));
  const at = timestamp(context);
  const key = keyOf(table, cells);
  const row: RowRecord = {
    id: newId(`row_${String(number).padStart(4, '0')}`, context.now()),
    workspaceId: table.workspaceId,
    tableId: table.id,
    place: placeOf(place),
    space,
    key,
    cells: { ...cells },
    stamp: randomUUID(),
    pending: [],
    deletedAt: null,
    createdAt: at,
    updatedAt: at,
    runId: null,
  };
  await keyedOnce(place, key, () => context.store.insert(tableRows, row));
  return row;
}

async function keyedOnce<T>(place: RowPlace, key: string | null, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (thrown) {
    throw isAppError(thrown, 'already-exists') ? keyTaken(place, key) : thrown;
  }
}

async function rowOfId({ store }: ServiceContext, table: TableRecord, rowId: string): Promise<RowRecord> {
  const row = await store.get(tableRows, rowId);
  if (row && row.tableId === table.id && row.deletedAt === null) return row;
  throw new AppError('not-found', `The row was deleted from the table “${table.name}”. Reload the page.`);
}

export async function updateTableRow(context: ServiceContext, id: string, rowId: string, named: NamedCells): Promise<StoredRow> {
  const table = await tableOfId(context, id);
  return rowOf(table, await editRow(context, table, rowId, named));
}

/** Changes cells of a row, whatever else changes at the same time. */
async function editRow(context: ServiceContext, table: TableRecord, rowId: string, named: NamedCells): Promise<RowRecord> {
  const given = readCells(table, named);
  for (;;) {
    const row = await rowOfId(context, table, rowId);
    const cells = { ...mergeCells(row.cells, given) };
    const key = keyOf(table, cells);
    const changes = { cells, key, stamp: randomUUID(), updatedAt: timestamp(context), runId: null };
    const written = await keyedOnce({ table, space: row.space }, key, () => context.store.update(tableRows, rowId, changes, { equal: { stamp: row.stamp } }));
    if (written) return written;
  }
}

export async function deleteTableRows(context: ServiceContext, id: string, ids: readonly string[]): Promise<{ deleted: number }> {
  const table = await tableOfId(context, id);
  const gone = await Promise.all(ids.map((rowId) => removeFrom(context, table, rowId)));
  return { deleted: gone.filter(Boolean).length };
}

const removeFrom = (context: ServiceContext, table: TableRecord, rowId: string): Promise<boolean> =>
  removeRow(context.store, rowId, { at: timestamp(context), fits: ({ tableId }) => tableId === table.id });

/** Deletes all rows of a space. A run that writes meanwhile may leave its own. */
export async function clearTable(context: ServiceContext, id: string, { space }: Body<typeof contracts.clearTable>): Promise<{ deleted: number }> {
  const table = await tableOfId(context, id);
  let deleted = 0;
  for await (const rows of pagesOfRows(context.store, { where: { place: placeOf({ table, space }) } })) {
    const gone = await Promise.all(rows.map((row) => removeFrom(context, table, row.id)));
    deleted += gone.filter(Boolean).length;
  }
  return { deleted };
}

const IMPORTED_AT_ONCE = 50;

export async function importTableRows(context: ServiceContext, id: string, { space, rows, onTaken }: Body<typeof contracts.importTableRows>) {
  const table = await tableOfId(context, id);
  const place = { table, space };
  await createRoom().demand(context.store, place, rows.length);
  const counts = { added: 0, updated: 0, skipped: 0 };
  const errors: { line: number; message: string }[] = [];
  for (let from = 0; from < rows.length; from += IMPORTED_AT_ONCE) {
    const part = rows.slice(from, from + IMPORTED_AT_ONCE);
    const done = part.map(async ({ line, cells }, index) => {
      try {
        counts[await importRow(context, place, cells, { number: from + index, onTaken })]++;
      } catch (thrown) {
        const { code, message } = toAppError(thrown);
        if (!['bad-request', 'already-exists', 'too-large', 'not-found'].includes(code)) throw thrown;
        errors.push({ line, message });
      }
    });
    await Promise.all(done);
    await ownTurn();
  }
  return { ...counts, errors: errors.sort((one, other) => one.line - other.line) };
}

async function importRow(
  context: ServiceContext,
  place: RowPlace,
  cells: NamedCells,
  { number, onTaken }: { number: number; onTaken: Body<typeof contracts.importTableRows>['onTaken'] },
): Promise<'added' | 'updated' | 'skipped'> {
  try {
    await insertRow(context, place, cells, number);
    return 'added';
  } catch (thrown) {
    if (onTaken === 'reject' || !isAppError(thrown, 'already-exists')) throw thrown;
    if (onTaken === 'skip') return 'skipped';
  }
  const key = keyOf(place.table, readCells(place.table, cells));
  const row = key === null ? undefined : await rowWithKey(context.store, place, key);
  if (!row) return importRow(context, place, cells, { number, onTaken });
  await editRow(context, place.table, row.id, cells);
  return 'updated';
}

const EXPORTED_AT_ONCE = 500;

/** The rows as CSV, page by page. */
export async function exportTable(context: ServiceContext, id: string, { space }: z.output<(typeof contracts.exportTable)['query']>) {
  const table = await tableOfId(context, id);
  async function* parts(): AsyncGenerator<string> {
    yield csvLine(table.columns.map(({ name }) => name));
    const query = { where: { place: placeOf({ table, space }) }, order: 'createdAt' };
    for await (const rows of pagesOfRows(context.store, query, EXPORTED_AT_ONCE)) {
      await ownTurn();
      yield rows.map(({ cells }) => csvLine(table.columns.map((column) => cellText(cells[column.id])))).join('');
    }
  }
  return { name: table.name, parts };
}
