import { AppError, type FieldError } from '@switchyard/shared/errors.ts';
import { readCell } from '@switchyard/shared/tables/cell.ts';
import type { NamedCells, Row } from '@switchyard/shared/tables/row-request.ts';
import { type Cells, type Column, LONGEST_ROW_KEY, MOST_ROW_BYTES } from '@switchyard/shared/tables/table.ts';
import type { RowRecord, TableRecord } from '../../store/state/table-collections.ts';

/** The column with this name, in any case. Throws `bad-request` with the names there are. */
export function columnNamed({ name: table, columns }: Pick<TableRecord, 'name' | 'columns'>, name: string): Column {
  const wanted = name.trim().toLowerCase();
  const found = columns.find((column) => column.name.toLowerCase() === wanted);
  if (found) return found;
  const names = columns.map((column) => `“${column.name}”`).join(', ');
  throw new AppError('bad-request', `The table “${table}” has no column “${name}”. ${names === '' ? 'It has no columns yet.' : `Its columns are ${names}.`}`);
}

export const keyColumnOf = ({ columns }: Pick<TableRecord, 'columns'>): Column | undefined => columns.find(({ isKey }) => isKey);

/** Reads cells by column name. Empty ones are null. Throws `bad-request` that names each wrong cell. */
export function readCells(table: TableRecord, named: NamedCells): Cells {
  const faults: FieldError[] = [];
  const cells = Object.entries(named).map(([name, given]) => {
    const column = columnNamed(table, name);
    const read = readCell(column.type, given);
    if ('problem' in read) faults.push({ path: column.name, message: read.problem });
    return [column.id, 'value' in read ? read.value : null] as const;
  });
  const [first] = faults;
  if (first) throw new AppError('bad-request', `“${first.path}” ${first.message}.`, { fields: faults });
  return Object.fromEntries(cells);
}

/** The cells after a change, without the empty ones. Throws `too-large`. */
export function mergeCells(before: Cells, changes: Cells): Cells {
  const merged = Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null));
  const bytes = Buffer.byteLength(JSON.stringify(merged));
  if (bytes > MOST_ROW_BYTES) throw new AppError('too-large', `The row would be ${Math.ceil(bytes / 1_024)} KB. The limit is ${MOST_ROW_BYTES / 1_024} KB.`);
  return merged;
}

/** The text that a cell of the key column is unique by. Throws `bad-request`. */
export function keyText(column: Column, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const text = String(value);
  if (text.length <= LONGEST_ROW_KEY) return text;
  throw new AppError('bad-request', `“${column.name}” has ${text.length} characters. The limit of a key column is ${LONGEST_ROW_KEY}.`);
}

/** The key of a row with these cells. Null if the table has no key column, or the cell is empty. */
export function keyOf(table: TableRecord, cells: Cells): string | null {
  const column = keyColumnOf(table);
  return column ? keyText(column, cells[column.id]) : null;
}

/** A row as workflows see it. */
export const rowView = ({ columns }: TableRecord, { id, createdAt, updatedAt, cells }: Pick<RowRecord, 'id' | 'createdAt' | 'updatedAt' | 'cells'>): Row => ({
  id,
  createdAt,
  updatedAt,
  ...Object.fromEntries(columns.map((column) => [column.name, cells[column.id] ?? null])),
});
