import type { Point } from '../../../graph-editing/operations/geometry.ts';

/** A card that edges go around, in flow coordinates. */
export interface Box {
  readonly id: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Side of the squares that boxes are looked up by. */
const CELL = 320;
/** A box in more squares than this is looked up by a list of its own. */
const MOST_CELLS = 64;

/** The cards of one level of a graph: the top level, or what is in one container. Finds those near a line without looking at all. */
export class Obstacles {
  readonly #cells = new Map<string, Box[]>();
  readonly #large: Box[] = [];
  /** Where edges of this level may run. Undefined at the top level. */
  readonly bounds: Box | undefined;
  /** Groups, which edges of other nodes rather go around. */
  readonly groups: readonly Box[];

  constructor(boxes: Iterable<Box>, { bounds, groups = [] }: { readonly bounds?: Box | undefined; readonly groups?: readonly Box[] } = {}) {
    this.bounds = bounds;
    this.groups = groups;
    for (const box of boxes) this.#add(box);
  }

  #add(box: Box): void {
    const keys = cellsOf(box);
    if (keys === undefined) this.#large.push(box);
    for (const key of keys ?? []) {
      const cell = this.#cells.get(key);
      if (cell) cell.push(box);
      else this.#cells.set(key, [box]);
    }
  }

  /** The boxes that touch an area. */
  within(area: Omit<Box, 'id'>): Box[] {
    const found = new Set<Box>(this.#large);
    const keys = cellsOf(area);
    for (const cell of keys === undefined ? this.#cells.values() : keys.flatMap((key) => [this.#cells.get(key) ?? []])) for (const box of cell) found.add(box);
    return [...found].filter((box) => touches(box, area));
  }
}

export const touches = (a: Omit<Box, 'id'>, b: Omit<Box, 'id'>): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** The keys of the squares that an area touches. Undefined if there are too many. */
function cellsOf({ left, top, right, bottom }: Omit<Box, 'id'>): string[] | undefined {
  const [fromX, toX, fromY, toY] = [left, right, top, bottom].map((value) => Math.floor(value / CELL)) as [number, number, number, number];
  if ((toX - fromX + 1) * (toY - fromY + 1) > MOST_CELLS) return undefined;
  const keys: string[] = [];
  for (let x = fromX; x <= toX; x++) for (let y = fromY; y <= toY; y++) keys.push(`${x} ${y}`);
  return keys;
}

/** The area of a line between two points, widened on all sides. */
export const areaOf = (a: Point, b: Point, by = 0): Omit<Box, 'id'> => ({
  left: Math.min(a.x, b.x) - by,
  top: Math.min(a.y, b.y) - by,
  right: Math.max(a.x, b.x) + by,
  bottom: Math.max(a.y, b.y) + by,
});
