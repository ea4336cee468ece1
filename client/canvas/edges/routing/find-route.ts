import type { Point } from '../../../graph-editing/operations/geometry.ts';
import { areaOf, type Box, type Obstacles, touches } from './obstacles.ts';

/*
 * The way of an edge around the cards of its level: horizontal and vertical stretches. Tries few shapes, shortest first, and takes the first
 * that crosses no card: straight, with one step, or along a free row above or below what is in between. If none is free, the one that
 * crosses the fewest.
 */

export interface Ends {
  readonly source: Point;
  readonly target: Point;
  /** The cards of both ends, as they are drawn now. */
  readonly own: readonly Box[];
  /** Runs back below everything in between. */
  readonly isLoop: boolean;
}

/** From a port to the first turn. Also the distance that edges keep from cards. */
export const STUB = 14;
/** Ports stand out of a card on both sides. */
const PORT = 5;
/** Edges closer to a card than this count as behind it. */
const CLEAR = 6;
/** A smaller step between two ports is drawn as a straight line. */
const LEAST_STEP = 8;
/** A loop edge keeps more distance from what it passes below. */
const LOOP_GAP = 28;
const LOOP_CLEAR = 16;
/** Rows that are tried. */
const MOST_ROWS = 40;
/** Columns in which a step is tried. */
const MOST_COLUMNS = 16;

/** The corners of an edge, ends included. */
export function findRoute(ends: Ends, obstacles: Obstacles): Point[] {
  const { source, target, isLoop } = ends;
  const near = nearby(ends, obstacles);
  if (!isLoop) {
    const direct = directRoutes(source, target, near).find((points) => crossings(points, near) === 0);
    if (direct) return direct;
  }
  const groups = othersGroups(ends, obstacles);
  const rows = rowRoutes(ends, [...near, ...groups], obstacles.bounds);
  return bestOf(rows, { near, groups, clear: isLoop ? LOOP_CLEAR : CLEAR }) ?? [source, target];
}

/** Groups nearby that neither end is in. */
function othersGroups({ source, target, own }: Ends, { groups }: Obstacles): Box[] {
  const area = areaOf(source, target, REACH);
  const isInside = (group: Box): boolean => own.some((card) => touches(card, group));
  return groups.filter((group) => touches(group, area) && !isInside(group));
}

/** Cards that could be in the way, the own ones as they are drawn now. */
function nearby({ source, target, own }: Ends, obstacles: Obstacles): Box[] {
  const ids = new Set(own.map(({ id }) => id));
  return [...own, ...obstacles.within(areaOf(source, target, REACH)).filter(({ id }) => !ids.has(id))];
}
/** How far around both ends a row is looked for. */
const REACH = 520;

function directRoutes(source: Point, target: Point, near: readonly Box[]): Point[][] {
  const width = target.x - source.x;
  if (width < 2 * STUB) return [];
  if (Math.abs(target.y - source.y) < LEAST_STEP) return [[source, target]];
  const step = (x: number): Point[] => [source, { x, y: source.y }, { x, y: target.y }, target];
  const [first, last] = [source.x + STUB, target.x - STUB];
  const columns = near.flatMap(({ left, right }) => [left - PORT - STUB, right + PORT + STUB]).filter((x) => x > first && x < last);
  return [source.x + width / 2, first, last, ...[...new Set(columns)].slice(0, MOST_COLUMNS)].map(step);
}

/** Ways along a free row, the shortest first. */
function rowRoutes(ends: Ends, near: readonly Box[], bounds: Box | undefined): Point[][] {
  const { source, target, isLoop } = ends;
  const columns = [columnsBeside(source, near, 1), columnsBeside(target, near, -1)] as const;
  const rows = isLoop ? loopRows(ends, near) : near.flatMap(({ top, bottom }) => [top - STUB, bottom + STUB]);
  const length = (y: number) => Math.abs(y - source.y) + Math.abs(y - target.y);
  const inside = rows.filter((y) => !bounds || (y > bounds.top + CLEAR && y < bounds.bottom - CLEAR));
  const nearest = [...new Set(inside.length > 0 ? inside : rows)].sort((a, b) => length(a) - length(b)).slice(0, MOST_ROWS);
  return nearest.flatMap((y) =>
    columns[0].flatMap((out) => columns[1].map((back) => [source, { x: out, y: source.y }, { x: out, y }, { x: back, y }, { x: back, y: target.y }, target])),
  );
}

/** Rows below both ends and what is between them. */
function loopRows({ source, target, own }: Ends, near: readonly Box[]): number[] {
  const [left, right] = [Math.min(source.x, target.x), Math.max(source.x, target.x)];
  const lowest = Math.max(source.y, target.y, ...own.map(({ bottom }) => bottom));
  const between = near.filter((box) => box.left < right + STUB && box.right > left - STUB && box.bottom >= lowest);
  return [lowest, ...between.map(({ bottom }) => bottom)].map((y) => y + LOOP_GAP);
}

/** Where an edge can turn beside a port: next to the card, or beyond a wider one in the same column. */
function columnsBeside({ x, y }: Point, near: readonly Box[], side: 1 | -1): number[] {
  const first = x + side * STUB;
  const wider = near
    .filter(({ left, right, top, bottom }) => left - PORT < first && right + PORT > first && (y < top || y > bottom))
    .map(({ left, right }) => (side === 1 ? right + PORT + STUB : left - PORT - STUB));
  return [first, ...new Set(wider)].slice(0, 3);
}

interface Avoid {
  readonly near: readonly Box[];
  readonly groups: readonly Box[];
  readonly clear: number;
}

/** The first route that crosses no card and no group, or else one that crosses the fewest cards, and of these the fewest groups. */
function bestOf(routes: readonly Point[][], { near, groups, clear }: Avoid): Point[] | undefined {
  let best: { points: Point[]; count: number } | undefined;
  for (const points of routes) {
    const count = crossings(points, near, clear) * MANY + crossings(points, groups, 0);
    if (count === 0) return points;
    if (!best || count < best.count) best = { points, count };
  }
  return best?.points;
}
/** More groups than a route crosses. */
const MANY = 1_000;

/** How many cards a route runs behind, or closer to than `clear`. Its ends touch their own. */
export function crossings(points: readonly Point[], near: readonly Box[], clear = CLEAR): number {
  let count = 0;
  for (let at = 1; at < points.length; at++) {
    const [from, to] = [points[at - 1], points[at]];
    if (from && to) for (const box of near) if (crosses(from, to, box, clear)) count++;
  }
  return count;
}

const crosses = (a: Point, b: Point, { left, right, top, bottom }: Box, clear: number): boolean =>
  Math.min(a.x, b.x) < right + PORT - 1 && Math.max(a.x, b.x) > left - PORT + 1 && Math.min(a.y, b.y) < bottom + clear && Math.max(a.y, b.y) > top - clear;
