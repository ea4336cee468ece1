import { isPlainObject } from '@switchyard/shared/json.ts';
import Papa from 'papaparse';

/** With it, Excel reads the file as UTF-8. */
const BYTE_ORDER_MARK = '\ufeff';

/** Text that a spreadsheet would run as a formula. Numbers and phone numbers are none. */
const FORMULA = /^[=@\t\r]|^[+-](?![\d\s().,/-]*$)/;

/** Cells of lists and objects are JSON. */
const cellOf = (value: unknown): unknown => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value);

/**
 * CSV of these rows with a header. Without `columns`, all that occur are written, in the order in which they first do. Rows may be objects,
 * lists of cells, or single values.
 */
export function writeCsv(rows: readonly unknown[], columns: readonly string[], separator: string): string {
  const isTable = rows.length > 0 && rows.every(Array.isArray);
  const objects = rows.map((row) => (isPlainObject(row) ? row : { value: row }));
  const names = columns.length > 0 || isTable ? columns : [...new Set(objects.flatMap((row) => Object.keys(row)))];
  const data = isTable ? (rows as unknown[][]).map((row) => row.map(cellOf)) : objects.map((row) => names.map((name) => cellOf(valueAt(row, name))));
  const written = Papa.unparse(names.length > 0 ? [[...names], ...data] : data, { delimiter: separator, newline: '\r\n', escapeFormulae: FORMULA });
  return `${BYTE_ORDER_MARK}${written}\r\n`;
}

const valueAt = (row: Readonly<Record<string, unknown>>, name: string): unknown => (Object.hasOwn(row, name) ? row[name] : '');
