import type { Point } from '../../../graph-editing/operations/geometry.ts';

const RADIUS = 8;

/** The SVG path through these corners, rounded. */
export function roundedPath(points: readonly Point[]): string {
  const corners = withoutRepeats(points);
  const [start] = corners;
  if (!start) return '';
  const parts = [`M ${start.x} ${start.y}`];
  for (let at = 1; at < corners.length; at++) {
    const [before, corner, after] = [corners[at - 1], corners[at], corners[at + 1]];
    if (!before || !corner) continue;
    if (!after) {
      parts.push(`L ${corner.x} ${corner.y}`);
      continue;
    }
    const radius = Math.min(RADIUS, distance(before, corner) / 2, distance(corner, after) / 2);
    const from = toward(corner, before, radius);
    const to = toward(corner, after, radius);
    parts.push(`L ${from.x} ${from.y} Q ${corner.x} ${corner.y} ${to.x} ${to.y}`);
  }
  return parts.join(' ');
}

/** The middle of the longest stretch, where an edge has room for its buttons, and its length. Of equal ones, the middle one. */
export function middleOf(points: readonly Point[]): Point & { readonly length: number } {
  let best: { middle: Point; length: number } | undefined;
  for (const at of fromTheMiddle(points.length - 1)) {
    const [a, b] = [points[at], points[at + 1]];
    if (!a || !b) continue;
    const length = distance(a, b);
    if (!best || length > best.length + 1) best = { middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, length };
  }
  return { ...(best?.middle ?? points[0] ?? { x: 0, y: 0 }), length: best?.length ?? 0 };
}

/** 0 … count - 1, the middle one first. */
function fromTheMiddle(count: number): number[] {
  const middle = (count - 1) / 2;
  return Array.from({ length: Math.max(0, count) }, (_, index) => index).sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

function toward(from: Point, to: Point, by: number): Point {
  const whole = distance(from, to) || 1;
  return { x: from.x + ((to.x - from.x) * by) / whole, y: from.y + ((to.y - from.y) * by) / whole };
}

/** Corners without those in the middle of a straight line. */
function withoutRepeats(points: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    const [before, last] = [kept.at(-2), kept.at(-1)];
    if (last && distance(last, point) < 0.5) continue;
    const isStraight = before && last && ((before.x === last.x && last.x === point.x) || (before.y === last.y && last.y === point.y));
    if (isStraight) kept.pop();
    kept.push(point);
  }
  return kept;
}
