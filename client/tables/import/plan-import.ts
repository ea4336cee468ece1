import { type CsvFile, csvValue, guessType } from '@switchyard/shared/tables/read-csv.ts';
import { type Column, type ColumnType, columnName } from '@switchyard/shared/tables/table.ts';

/* What an import does with each column of a CSV file. */

export type Target =
  | { readonly kind: 'column'; readonly column: Column }
  | { readonly kind: 'new'; readonly name: string; readonly type: ColumnType }
  | { readonly kind: 'skip' };

/** By default, a column of the file fills the one of the same name, and others become new columns. */
export function targetsOf({ names, rows, separator }: CsvFile, columns: readonly Column[]): readonly Target[] {
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
  return names.map((given, index) => {
    const column = columns.find(({ name }) => name.toLowerCase() === given.trim().toLowerCase());
    if (column) return { kind: 'column', column };
    const name = freeName(given, taken);
    taken.add(name.toLowerCase());
    return {
      kind: 'new',
      name,
      type: guessType(
        rows.map(({ cells }) => cells[index] ?? ''),
        separator,
      ),
    };
  });
}

/** A valid name that is not taken. */
function freeName(given: string, taken: ReadonlySet<string>): string {
  const plain = given
    .replaceAll(/[^\p{L}\p{N}_ -]+/gu, ' ')
    .trim()
    .slice(0, 50)
    .trim();
  const valid = columnName.safeParse(plain).success ? plain : `CSV ${plain}`.trim();
  let name = valid;
  for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${valid} ${number}`;
  return name;
}

export interface ImportRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, unknown>>;
}

/** The rows to import, with cells by the name of their column. */
export function importRowsOf({ rows, separator }: CsvFile, targets: readonly Target[]): ImportRow[] {
  const columns = targets.flatMap((target, index) => {
    if (target.kind === 'skip') return [];
    const { name, type } = target.kind === 'new' ? target : target.column;
    return [{ index, name, type }];
  });
  return rows.map(({ line, cells }) => ({
    line,
    cells: Object.fromEntries(columns.map(({ index, name, type }) => [name, csvValue(type, cells[index] ?? '', separator)])),
  }));
}
