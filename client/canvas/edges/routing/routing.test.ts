import { expect, it } from 'vitest';
import type { Point } from '../../../graph-editing/operations/geometry.ts';
import { crossings, findRoute } from './find-route.ts';
import { type RoutedEdge, spreadLanes } from './lanes.ts';
import { type Box, Obstacles } from './obstacles.ts';
import { middleOf, roundedPath } from './rounded-path.ts';

const card = (id: string, left: number, top: number, width = 200, height = 80): Box => ({ id, left, top, right: left + width, bottom: top + height });
const outOf = ({ right, top }: Box, row = 22): Point => ({ x: right + 5, y: top + row });
const into = ({ left, top }: Box): Point => ({ x: left - 5, y: top + 22 });
function route(from: Box, to: Box, others: readonly Box[] = [], isLoop = false): Point[] {
  return findRoute({ source: outOf(from), target: into(to), own: [from, to], isLoop }, new Obstacles([from, to, ...others]));
}
const isSquare = (points: readonly Point[]): boolean => points.every(({ x, y }, at) => at === 0 || points[at - 1]?.x === x || points[at - 1]?.y === y);

it('is straight between ports on one row, also if they are a few px apart', () => {
  expect(route(card('a', 0, 0), card('b', 300, 0))).toHaveLength(2);
  expect(route(card('a', 0, 0), card('b', 300, 6))).toHaveLength(2);
  expect(route(card('a', 0, 0), card('b', 300, 60))).toHaveLength(4);
});

it('goes around what is in between, and leaves a wide distance to it', () => {
  const [from, to, between] = [card('a', 0, 0), card('b', 600, 10), card('c', 300, 0)];
  const points = route(from, to, [between]);
  expect(isSquare(points)).toBe(true);
  expect(crossings(points, [from, to, between])).toBe(0);
  expect(points[2]?.y).toBe(-14);
});

it('runs back through the gap between two rows', () => {
  const rows = [0, 1, 2].flatMap((column) => [0, 1].map((row) => card(`${column} ${row}`, column * 280, row * 160)));
  const [first, last] = [rows[1], rows[4]];
  if (!first || !last) throw new Error('a row is missing');
  const points = route(last, first, rows);
  expect(crossings(points, rows)).toBe(0);
  expect(points[2]?.y).toBeGreaterThan(80);
  expect(points[2]?.y).toBeLessThan(160);
});

it('runs around groups that neither end is in, if there is a way', () => {
  const [from, to] = [card('a', 0, 0), card('b', 900, 0)];
  const between = [card('c', 300, 0), card('d', 600, 0)];
  const group = { id: 'g', left: 280, top: -60, right: 820, bottom: 260 };
  const level = new Obstacles([from, to, ...between], { groups: [group] });
  const points = findRoute({ source: outOf(from), target: into(to), own: [from, to], isLoop: false }, level);
  expect(points[2]?.y).toBe(-74);
});

it('leads a loop edge back below what it passes, but not below rows farther down', () => {
  const [to, between, from, below] = [card('a', 0, 0), card('b', 300, 40), card('c', 600, 0), card('d', 300, 600)];
  const points = route(from, to, [between, below], true);
  expect(points[2]?.y).toBe(148);
  expect(crossings(points, [to, between, from, below])).toBe(0);
});

it('finds a free way for nearly all pairs of a dense grid', () => {
  const cards = Array.from({ length: 48 }, (_, at) => card(`n${at}`, (at % 8) * 272, Math.floor(at / 8) * 120 + (at % 3) * 8));
  const level = new Obstacles(cards);
  const pairs = cards.flatMap((from, at) => [1, 3, 9, 14, 21].flatMap((step) => cards[(at * 7 + step) % 48] ?? []).map((to) => [from, to] as const));
  const blocked = pairs.filter(
    ([from, to]) => from !== to && crossings(findRoute({ source: outOf(from), target: into(to), own: [from, to], isLoop: false }, level), cards) > 0,
  );
  expect(blocked.length / pairs.length).toBeLessThan(0.05);
});

const routed = (id: string, points: Point[], level: Obstacles, ports = [id, id]): RoutedEdge => ({
  id,
  points,
  level,
  sourcePort: `from ${ports[0]}`,
  targetPort: `to ${ports[1]}`,
});

it('spreads edges that overlap into lanes without crossings, except those of one port', () => {
  const level = new Obstacles([]);
  const step = (from: number, to: number): Point[] => [
    { x: 0, y: from },
    { x: 50, y: from },
    { x: 50, y: to },
    { x: 100, y: to },
  ];
  const up = [routed('first', step(100, 0), level), routed('second', step(124, 50), level), routed('third', step(124, 30), level, ['second', 'third'])];
  spreadLanes(up);
  const [first, second, third] = up.map(({ points }) => points[1]?.x ?? 0);
  expect(first).toBeLessThan(second ?? 0);
  expect(second).toBe(third);
  expect(up.every(({ points }) => isSquare(points))).toBe(true);
});

it('keeps lanes clear of cards', () => {
  const level = new Obstacles([card('left', -165, 0, 200, 200), card('right', 65, 0, 200, 200)]);
  const down = ['a', 'b', 'c', 'd', 'e'].map((id, at) =>
    routed(
      id,
      [
        { x: 0, y: at },
        { x: 50, y: at },
        { x: 50, y: 100 + at },
        { x: 100, y: 100 + at },
      ],
      level,
    ),
  );
  spreadLanes(down);
  const lanes = down.map(({ points }) => points[1]?.x ?? 0);
  expect(Math.min(...lanes)).toBeGreaterThanOrEqual(45);
  expect(Math.max(...lanes)).toBeLessThanOrEqual(55);
});

it('rounds corners, and puts buttons on the longest stretch', () => {
  const points = [
    { x: 0, y: 0 },
    { x: 20, y: 0 },
    { x: 20, y: 200 },
    { x: 40, y: 200 },
  ];
  expect(roundedPath(points)).toBe('M 0 0 L 12 0 Q 20 0 20 8 L 20 192 Q 20 200 28 200 L 40 200');
  expect(middleOf(points)).toEqual({ x: 20, y: 100, length: 200 });
  expect(middleOf(points.slice(0, 1))).toEqual({ x: 0, y: 0, length: 0 });
});
