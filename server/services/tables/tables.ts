import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import type * as contracts from '@switchyard/shared/contracts/state/tables.ts';
import type { Table, TableDetails } from '@switchyard/shared/contracts/state/tables.ts';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { STATE_SPACES, type StateSpace } from '@switchyard/shared/run/state-change.ts';
import { type Column, isKeyType, MOST_COLUMNS, MOST_ROWS, MOST_TABLES } from '@switchyard/shared/tables/table.ts';
import type { z } from 'zod';
import type { WorkspaceStore } from '../../store/port.ts';
import { type TableRecord, tableRows, tables } from '../../store/state/table-collections.ts';
import { actorOf } from '../caller.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { newId } from '../ids.ts';
import { workflowsUsing } from '../workflows/workflows-using.ts';
import { deleteSomeRows } from './delete-rows.ts';
import { placeOf } from './find-rows.ts';
import { keyColumnOf } from './row-cells.ts';

/* Tables and their columns (S75a). A table belongs to the workspace, and workflows name it. */

type NewColumn = z.output<(typeof contracts.addColumn)['body']>;

export const tableView = ({ id, name, columns, keepDays, createdAt, updatedAt }: TableRecord): Table => ({
  id,
  name,
  columns,
  keepDays,
  createdAt,
  updatedAt,
});

const nameKeyOf = (name: string): string => name.trim().toLowerCase();

const noTable = (name: string): AppError =>
  new AppError('not-found', `Table “${name}” not found. It may have been deleted or renamed. Create it under Tables, or choose another one.`);

/** A table by its ID. Throws `not-found`. */
export async function tableOfId({ store }: Pick<ServiceContext, 'store'>, id: string): Promise<TableRecord> {
  const record = await store.get(tables, id);
  if (!record || record.deletedAt !== null) throw noTable(id);
  return record;
}

/** A table by its name, in any case. Throws `not-found`. */
export async function tableNamed(store: Pick<WorkspaceStore, 'find'>, name: string): Promise<TableRecord> {
  const [record] = (await store.find(tables, { where: { nameKey: nameKeyOf(name) }, limit: 1 })).items;
  if (!record) throw noTable(name);
  return record;
}

export async function listTables({ store }: ServiceContext): Promise<Table[]> {
  const { items } = await store.find(tables, { order: { field: 'nameKey' }, limit: 2 * MOST_TABLES });
  return items.filter(({ deletedAt }) => deletedAt === null).map(tableView);
}

export async function createTable(context: ServiceContext, { name, columns = [] }: BodyOf<typeof contracts.createTable>): Promise<Table> {
  const { store, workspaceId, caller } = context;
  if ((await store.count(tables, {}, MOST_TABLES)) >= MOST_TABLES)
    throw new AppError('too-large', `There are ${MOST_TABLES} tables, which is the limit. Delete one first.`);
  const at = timestamp(context);
  const empty: Pick<TableRecord, 'columns' | 'lastColumn'> = { columns: [], lastColumn: 0 };
  const withColumns = columns.reduce((sofar, column) => withColumn(sofar, { ...column, isKey: column.isKey ?? false }), empty);
  const record: TableRecord = {
    id: newId('tbl', context.now()),
    workspaceId,
    name: name.trim(),
    nameKey: nameKeyOf(name),
    ...withColumns,
    removed: [],
    keepDays: null,
    deletedAt: null,
    revision: 1,
    createdAt: at,
    updatedAt: at,
    actor: actorOf(caller),
  };
  await namedOnce(name, () => store.insert(tables, record));
  return tableView(record);
}

async function namedOnce<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (thrown) {
    if (!isAppError(thrown, 'already-exists')) throw thrown;
    throw new AppError('already-exists', `There is already a table named “${name}”. Choose another name.`);
  }
}

export async function getTable(context: ServiceContext, id: string): Promise<TableDetails> {
  const { store } = context;
  const table = await tableOfId(context, id);
  const count = (space: StateSpace) => store.count(tableRows, { where: { place: placeOf({ table, space }) } }, MOST_ROWS * 2);
  const [live, draft] = [await count('live'), await count('draft')];
  const using = await workflowsUsing(store, ({ data: { params } }) =>
    typeof params.table === 'string' && nameKeyOf(params.table) === table.nameKey ? [true] : [],
  );
  return { ...tableView(table), rows: { live, draft }, usedBy: using.map(({ id: workflowId, name }) => ({ id: workflowId, name })) };
}

/** Changes a table by compare-and-set. Throws `revision-conflict`. */
async function changeTable(context: ServiceContext, id: string, change: (table: TableRecord) => Partial<TableRecord>): Promise<Table> {
  const table = await tableOfId(context, id);
  const changes = { ...change(table), revision: table.revision + 1, updatedAt: timestamp(context) };
  const changed = await context.store.update(tables, id, changes, { equal: { revision: table.revision } });
  if (changed) return tableView(changed);
  throw new AppError('revision-conflict', `The table “${table.name}” was changed by someone else at the same time. Try again.`);
}

export const updateTable = (context: ServiceContext, id: string, { name, keepDays }: BodyOf<typeof contracts.updateTable>): Promise<Table> =>
  namedOnce(name ?? '', () =>
    changeTable(context, id, () => ({
      ...(name !== undefined && { name: name.trim(), nameKey: nameKeyOf(name) }),
      ...(keepDays !== undefined && { keepDays }),
    })),
  );

export async function addColumn(context: ServiceContext, id: string, column: NewColumn): Promise<Table> {
  if (column.isKey && (await hasRows(context.store, id)))
    throw new AppError(
      'bad-request',
      'A key column can only be added to a table without rows. Clear its live and draft rows first, or add the column without a key.',
    );
  return changeTable(context, id, ({ columns, lastColumn }) => withColumn({ columns, lastColumn }, column));
}

const hasRows = async (store: WorkspaceStore, tableId: string): Promise<boolean> => {
  const places = STATE_SPACES.map((space) => `${tableId}/${space}`);
  return (await store.count(tableRows, { where: { place: places } }, 1)) > 0;
};

function withColumn<T extends Pick<TableRecord, 'columns' | 'lastColumn'>>(table: T, { name, type, isKey }: NewColumn): T {
  const { columns, lastColumn } = table;
  if (columns.length >= MOST_COLUMNS) throw new AppError('too-large', `The table has ${MOST_COLUMNS} columns, which is the limit. Remove one first.`);
  demandFree(columns, name);
  if (isKey && !isKeyType(type)) throw new AppError('bad-request', `“${name}” can’t be the key column. Its type must be text or number.`);
  const key = isKey ? keyColumnOf(table) : undefined;
  if (key) throw new AppError('bad-request', `The key column is “${key.name}”. A table has one key column at most.`);
  const number = lastColumn + 1;
  return { ...table, columns: [...columns, { id: `c${number}`, name: name.trim(), type, isKey }], lastColumn: number };
}

function demandFree(columns: readonly Column[], name: string, except?: string): void {
  if (columns.some((column) => column.id !== except && nameKeyOf(column.name) === nameKeyOf(name)))
    throw new AppError('already-exists', `The table already has a column “${name}”. Choose another name.`);
}

const columnOf = ({ name, columns }: TableRecord, columnId: string): Column => {
  const column = columns.find((one) => one.id === columnId);
  if (column) return column;
  throw new AppError('not-found', `The table “${name}” has no column with the ID “${columnId}”. It may have been removed.`);
};

export const renameColumn = (context: ServiceContext, id: string, columnId: string, name: string): Promise<Table> =>
  changeTable(context, id, (table) => {
    const renamed = columnOf(table, columnId);
    demandFree(table.columns, name, columnId);
    return { columns: table.columns.map((column) => (column === renamed ? { ...column, name: name.trim() } : column)) };
  });

/** Removes a column. Its cells are invisible from then on, and housekeeping removes them. */
export async function removeColumn(context: ServiceContext, id: string, columnId: string): Promise<Table> {
  const table = await tableOfId(context, id);
  if (columnOf(table, columnId).isKey && (await hasRows(context.store, id)))
    throw new AppError('bad-request', 'The key column can only be removed from a table without rows. Clear its live and draft rows first.');
  return changeTable(context, id, (current) => ({
    columns: current.columns.filter((column) => column.id !== columnOf(current, columnId).id),
    removed: [...current.removed, columnId],
  }));
}

/** Deletes a table. Housekeeping deletes the rows that are too many for one request. */
export async function deleteTable(context: ServiceContext, id: string): Promise<{ deleted: true }> {
  const { store } = context;
  await changeTable(context, id, () => ({ deletedAt: timestamp(context), nameKey: id }));
  if (await deleteSomeRows(store, { tableId: id })) await store.delete(tables, id);
  return { deleted: true };
}
