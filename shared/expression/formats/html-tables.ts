import { createTextLines, type TextLines } from './text-lines.ts';

/** Rows of cells, as text. */
export type Cells = readonly (readonly string[])[];

interface Table {
  readonly rows: string[][];
  row: string[] | undefined;
  /** The lines around the table. */
  readonly outer: TextLines;
  /** Columns of the open cell. */
  span: number | undefined;
  hasTables: boolean;
}

const MOST_SPAN = 100;

/** Collects the cells of tables, which may be nested. Each row is also a line of the text around. */
export function createTables() {
  const open: Table[] = [];
  const closed: Table[] = [];
  const current = () => open.at(-1);

  const closeCell = (lines: TextLines): TextLines => {
    const table = current();
    if (!table || table.span === undefined) return lines;
    table.row?.push(lines.text(), ...Array<string>(table.span - 1).fill(''));
    table.span = undefined;
    return table.outer;
  };
  const closeRow = (given: TextLines): TextLines => {
    const lines = closeCell(given);
    const table = current();
    if (!table?.row) return lines;
    const { row } = table;
    table.row = undefined;
    table.rows.push(row);
    // Cells with several lines are there for the layout.
    const isLayout = row.some((cell) => cell.includes('\n'));
    lines.breakLine();
    lines.writeVerbatim(isLayout ? row.filter((cell) => cell !== '').join('\n') : row.join('\t').trimEnd());
    lines.breakLine();
    return lines;
  };
  return {
    begin(lines: TextLines): void {
      const table = current();
      if (table) table.hasTables = true;
      open.push({ rows: [], row: undefined, outer: lines, span: undefined, hasTables: false });
    },
    beginRow(lines: TextLines): TextLines {
      const outer = closeRow(lines);
      const table = current();
      if (table) table.row = [];
      return outer;
    },
    /** Returns the lines of the cell. */
    beginCell(given: TextLines, span: string | undefined): TextLines {
      const lines = closeCell(given);
      const table = current();
      if (!table) return lines;
      table.row ??= [];
      table.span = Math.min(MOST_SPAN, Math.max(1, Math.trunc(Number(span)) || 1));
      return createTextLines();
    },
    endCell: closeCell,
    endRow: closeRow,
    end(lines: TextLines): TextLines {
      const outer = closeRow(lines);
      const table = open.pop();
      if (table && table.rows.length > 0) closed.push(table);
      return outer;
    },
    /** Tables without tables in them; all of them if there are none. */
    all(): Cells[] {
      const inner = closed.filter(({ hasTables }) => !hasTables);
      return (inner.length > 0 ? inner : closed).map(({ rows }) => rows);
    },
  };
}
