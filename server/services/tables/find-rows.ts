import { AppError } from '@switchyard/shared/errors.ts';
import type { StateSpace } from '@switchyard/shared/run/state-change.ts';
import { type ReadCondition, type RowFilter, type RowSort, readCondition } from '@switchyard/shared/tables/row-filter.ts';
import { type Cells, MOST_ROWS } from '@switchyard/shared/tables/table.ts';
import { cellField } from '../../store/declared-fields.ts';
import type { Page, Query, WorkspaceStore } from '../../store/port.ts';
import { type RowRecord, type TableRecord, tableRows } from '../../store/state/table-collections.ts';
import { columnNamed } from './row-cells.ts';

/*
 * Finds rows by conditions on their cells. Owns the query. One row is found by the index of the key column; everything else reads the rows
 * of the table in the store, which has at most 100,000, and off the event loop.
 */

/** The rows of a table for live or for draft runs. */
export interface RowPlace {
  readonly table: TableRecord;
  readonly space: StateSpace;
}

type Records = Pick<WorkspaceStore, 'find' | 'count'>;

export const placeOf = ({ table, space }: RowPlace): string => `${table.id}/${space}`;

export async function findRows(
  store: Records,
  place: RowPlace,
  wanted: { readonly filter: RowFilter; readonly sort: RowSort | null; readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<RowRecord>> {
  const { filter, sort, limit, cursor } = wanted;
  return store.find(tableRows, {
    ...queryOf(place, filter),
    order: { field: orderField(place.table, sort?.column ?? 'createdAt'), descending: sort?.descending ?? false },
    limit,
    ...(cursor !== undefined && { cursor }),
  });
}

export const countRows = (store: Records, place: RowPlace, filter: RowFilter): Promise<number> => store.count(tableRows, queryOf(place, filter), MOST_ROWS);

/** Reads the conditions of a filter. Throws `bad-request`. */
function readFilter(table: TableRecord, { conditions }: RowFilter): ReadCondition[] {
  return conditions.map((condition) => {
    const column = columnNamed(table, condition.column);
    const read = readCondition(condition, column);
    if ('problem' in read) throw new AppError('bad-request', `“${column.name}” ${read.problem}.`);
    return read;
  });
}

function queryOf(place: RowPlace, filter: RowFilter): Pick<Query, 'where' | 'cells' | 'aside'> {
  const conditions = readFilter(place.table, filter);
  const byKey = filter.match === 'all' ? conditions.find(({ column, is }) => column.isKey && is === 'equal') : undefined;
  const cells = {
    match: filter.match,
    conditions: conditions.map(({ column, is, value }) => ({ cell: column.id, is, ...(value !== undefined && { value }) })),
  };
  return { where: { place: placeOf(place), ...(byKey && { key: String(byKey.value) }) }, cells, ...(!byKey && { aside: true }) };
}

function orderField(table: TableRecord, name: string): string {
  if (name === 'createdAt' || name === 'updatedAt') return name;
  const column = columnNamed(table, name);
  if (column.type === 'json') throw new AppError('bad-request', `Rows can’t be sorted by “${column.name}”, because its type is JSON.`);
  return cellField(column.id);
}

/** Whether a row fits a filter now, as the store would say. */
export function fitsFilter(table: TableRecord, filter: RowFilter, cells: Cells): boolean {
  const conditions = readFilter(table, filter);
  const holds = (condition: ReadCondition): boolean => holdsFor(condition, cells[condition.column.id] ?? null);
  return conditions.length === 0 || (filter.match === 'all' ? conditions.every(holds) : conditions.some(holds));
}

type Ordered = string | number;

function holdsFor({ is, value = '' }: ReadCondition, cell: unknown): boolean {
  if (is === 'empty') return cell === null;
  if (is === 'not-equal') return cell !== value;
  if (cell === null) return false;
  switch (is) {
    case 'filled':
      return true;
    case 'equal':
      return cell === value;
    case 'contains':
      return String(cell).toLowerCase().includes(String(value).toLowerCase());
    case 'starts-with':
      return String(cell).startsWith(String(value));
    default:
      return comparesAs(is, cell as Ordered, value as Ordered);
  }
}

function comparesAs(is: 'above' | 'at-least' | 'below' | 'at-most', cell: Ordered, value: Ordered): boolean {
  if (cell === value) return is === 'at-least' || is === 'at-most';
  return cell > value === (is === 'above' || is === 'at-least');
}
