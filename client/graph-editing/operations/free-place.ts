import type { Point, Size } from './geometry.ts';

const GAP = 24;

/** The nearest position at or below `wanted` where a card of this size covers none of the boxes. */
export function freePlace(wanted: Point, size: Size, boxes: readonly (Point & Size)[]): Point {
  const covered = (y: number) =>
    boxes.filter(
      (box) => wanted.x < box.x + box.width + GAP && box.x < wanted.x + size.width + GAP && y < box.y + box.height + GAP && box.y < y + size.height + GAP,
    );
  let y = wanted.y;
  for (let under = covered(y); under.length > 0; under = covered(y)) y = Math.max(...under.map((box) => box.y + box.height)) + GAP;
  return { x: wanted.x, y };
}
