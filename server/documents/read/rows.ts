import { MOST_ROWS, type ReadRows } from '@switchyard/nodes/sdk/documents.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { tooLarge } from '../fault.ts';

/* Tables and lists as objects by column. */

export type Table = readonly (readonly unknown[])[];

/** As many as a sheet of Excel has. */
const MOST_COLUMNS = 16_384;

const isBlank = (cell: unknown): boolean => cell === undefined || cell === null || cell === '';

/** A name for each column: its header, unless that is missing or taken. */
function columnNames(header: readonly unknown[], width: number): string[] {
  const taken = new Set<string>();
  return Array.from({ length: width }, (_, at) => {
    const wanted = String(header[at] ?? '').trim() || `column_${at + 1}`;
    let name = wanted;
    for (let copy = 2; taken.has(name); copy++) name = `${wanted}_${copy}`;
    taken.add(name);
    return name;
  });
}

/** Rows of cells as objects. Rows without any value are left out. Short rows are filled with `blank`. */
export function rowsOfTable(table: Table, hasHeader: boolean, blank: '' | null): ReadRows {
  const filled = table.filter((row) => !row.every(isBlank));
  const width = filled.reduce((most, row) => Math.max(most, row.length), 0);
  if (width > MOST_COLUMNS) throw tooLarge(`The table has more than ${MOST_COLUMNS.toLocaleString('en-US')} columns.`);
  const columns = columnNames(hasHeader ? (filled[0] ?? []) : [], width);
  const data = hasHeader ? filled.slice(1) : filled;
  const rows = data.slice(0, MOST_ROWS).map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at] ?? blank])));
  return { columns, rows, truncated: data.length > MOST_ROWS };
}

/** Values as rows. One that isn’t an object becomes `{value}`. */
export function rowsOfList(values: readonly unknown[]): ReadRows {
  const rows = values.slice(0, MOST_ROWS).map((value) => (isPlainObject(value) ? value : { value }));
  return { columns: [...new Set(rows.flatMap((row) => Object.keys(row)))], rows, truncated: values.length > MOST_ROWS };
}

/**
 * The list in a document. That is the document itself if it is a list, otherwise the longest list of objects in it, the outermost if there
 * are several. Without one, the document is the only row.
 */
export function listIn(document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document;
  let level: readonly unknown[] = [document];
  for (let depth = 0; depth < MOST_DEPTH && level.length > 0; depth++) {
    const inside = level.filter(isPlainObject).flatMap((value) => Object.values(value));
    const lists = inside.filter((value): value is unknown[] => Array.isArray(value) && value.length > 0 && value.every(isPlainObject));
    if (lists.length > 0) return lists.reduce((longest, list) => (list.length > longest.length ? list : longest));
    level = inside.filter(isPlainObject);
  }
  return [document];
}

/** How deep a list is looked for. */
const MOST_DEPTH = 10;
