/* Moving between the cells of a grid by keyboard, as in a spreadsheet. */

export interface GridPlace {
  readonly row: number;
  readonly column: number;
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-20, 0],
  PageDown: [20, 0],
};

const within = (value: number, most: number): number => Math.max(0, Math.min(most, value));

/** Where a key leads from a cell. Undefined if it doesn’t move. */
export function placeAfter(
  { key, ctrlKey, metaKey }: { readonly key: string; readonly ctrlKey: boolean; readonly metaKey: boolean },
  { row, column }: GridPlace,
  size: { readonly rows: number; readonly columns: number },
): GridPlace | undefined {
  const [lastRow, lastColumn] = [size.rows - 1, size.columns - 1];
  if (key === 'Home') return { row: ctrlKey || metaKey ? 0 : row, column: 0 };
  if (key === 'End') return { row: ctrlKey || metaKey ? lastRow : row, column: lastColumn };
  const step = STEPS[key];
  return step && { row: within(row + step[0], lastRow), column: within(column + step[1], lastColumn) };
}
