import type { Point, Size } from '../../graph-editing/operations/geometry.ts';

/** A node on the minimap. */
export interface MiniNode extends Point, Size {
  readonly look: string;
}

/** The drawing of all nodes: one path per look, and the area that they fill. */
export interface MiniDrawing {
  readonly paths: readonly { readonly look: string; readonly path: string }[];
  readonly area: Point & Size;
}

/** Around the nodes, as a share of their extent. */
const MARGIN = 0.04;

/** Draws nodes into as few paths as there are looks, in the shape of the minimap. Looks keep the order in which they first appear. */
export function miniDrawing(nodes: readonly MiniNode[], shape: Size): MiniDrawing {
  const parts = new Map<string, string[]>();
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { look, x, y, width, height } of nodes) {
    const part = `M${Math.round(x)} ${Math.round(y)}h${Math.round(width)}v${Math.round(height)}h${-Math.round(width)}z`;
    const known = parts.get(look);
    if (known) known.push(part);
    else parts.set(look, [part]);
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  const paths = [...parts].map(([look, own]) => ({ look, path: own.join('') }));
  return { paths, area: left > right ? { x: 0, y: 0, ...shape } : inShape({ x: left, y: top, width: right - left, height: bottom - top }, shape) };
}

/** The smallest area of a shape around a box, with a margin. */
function inShape({ x, y, width, height }: Point & Size, shape: Size): Point & Size {
  const scale = (Math.max(width / shape.width, height / shape.height) || 1) * (1 + 2 * MARGIN);
  const area = { width: shape.width * scale, height: shape.height * scale };
  return { x: x + (width - area.width) / 2, y: y + (height - area.height) / 2, ...area };
}
