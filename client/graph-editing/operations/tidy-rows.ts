import { type GraphEdge, isLoopEdge } from '@switchyard/shared/graph/graph.ts';
import type { Size } from './geometry.ts';

/** What the layout needs to know about one level of a graph. */
export interface Layout {
  sizeOf(nodeId: string): Size;
  /** Distance from the top of a node to the port where one of its edges starts or ends. */
  portOf(edgeId: string, end: 'source' | 'target'): number;
  /** Whether a node takes a whole row if the level is wrapped. */
  isWide(nodeId: string): boolean;
  /** The visible part of the canvas, at 100%. Without it, everything is one row. */
  readonly view?: Size | undefined;
}

/** A column of a layout. */
export interface Column {
  readonly nodes: readonly { readonly id: string; readonly y: number }[];
  readonly width: number;
  readonly height: number;
  /** Space to the next column. */
  readonly gap: number;
  /** Edges that pass from it, or from before it, to a later column. */
  readonly turning: number;
}

export interface Row {
  readonly columns: readonly Column[];
  /** Space to the next row, where edges run back to its start. */
  readonly below: number;
}

/** One row is kept while all of it is readable at this zoom. */
const READABLE = 0.45;
const MOST_ROWS = 24;
const BETWEEN = 64;
const LANE = 8;
/** A row may be this much shorter than the others to end where few edges pass. */
const SLACK = 0.3;

/** The columns in as many rows as make the drawing largest in the view. */
export function inRows(columns: readonly Column[], edges: readonly GraphEdge[], { view, isWide }: Layout): Row[] {
  const one = [rowOf(columns)];
  if (!view || columns.length < 3 || zoomOf(one, view) >= READABLE) return one;
  const whole = widthOf(columns);
  const isAlone = (column: Column) => column.nodes.some(({ id }) => isWide(id));
  let best = { rows: one, zoom: zoomOf(one, view) };
  for (let count = 2; count <= Math.min(MOST_ROWS, columns.length); count++) {
    const rows = filled(columns, (whole / count) * 1.06, isAlone);
    const zoom = zoomOf(rows, view);
    if (zoom > best.zoom) best = { rows, zoom };
  }
  return best.rows.map((row) => ({ ...row, below: BETWEEN + LANE * leaving(row, edges) }));
}

const rowOf = (columns: readonly Column[]): Row => ({ columns, below: BETWEEN });

const widthOf = (columns: readonly Column[]): number => columns.reduce((sum, { width, gap }) => sum + width + gap, 0);

function zoomOf(rows: readonly Row[], view: { readonly width: number; readonly height: number }): number {
  const width = Math.max(...rows.map(({ columns }) => widthOf(columns)));
  const height = rows.reduce((sum, { columns, below }) => sum + Math.max(...columns.map((column) => column.height)) + below, 0);
  return Math.min(1, view.width / width, view.height / height);
}

/** Rows of at most this width. Each ends where the fewest edges pass on. */
function filled(columns: readonly Column[], most: number, isAlone: (column: Column) => boolean): Row[] {
  const rows: Row[] = [];
  let left = columns;
  while (left.length > 0) {
    const end = endOfRow(left, most, isAlone);
    rows.push(rowOf(left.slice(0, end)));
    left = left.slice(end);
  }
  return rows;
}

function endOfRow(columns: readonly Column[], most: number, isAlone: (column: Column) => boolean): number {
  if (columns[0] && isAlone(columns[0])) return 1;
  let width = 0;
  let best: { end: number; turning: number } | undefined;
  for (const [index, column] of columns.entries()) {
    if (index > 0 && isAlone(column)) return index;
    width += column.width + (index > 0 ? (columns[index - 1]?.gap ?? 0) : 0);
    if (index > 0 && width > most) break;
    if (index === columns.length - 1) return columns.length;
    if (width >= most * (1 - SLACK) && (!best || column.turning <= best.turning)) best = { end: index + 1, turning: column.turning };
  }
  if (best) return best.end;
  return Math.max(1, fitting(columns, most));
}

/** How many columns fit into a width. */
function fitting(columns: readonly Column[], most: number): number {
  let width = 0;
  const over = columns.findIndex(({ width: own, gap }) => {
    width += own + gap;
    return width - gap > most;
  });
  return over < 0 ? columns.length : over;
}

/** Edges from a row to a later one, by port: those from one port run together. */
function leaving({ columns }: Row, edges: readonly GraphEdge[]): number {
  const inside = new Set(columns.flatMap(({ nodes }) => nodes.map(({ id }) => id)));
  const out = edges.filter((edge) => !isLoopEdge(edge) && inside.has(edge.source) && !inside.has(edge.target));
  return new Set(out.map(({ source, sourceHandle }) => `${source} ${sourceHandle}`)).size;
}
