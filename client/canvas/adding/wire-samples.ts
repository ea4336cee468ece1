import type { Point } from '../../graph-editing/operations/geometry.ts';

/** Points along the wires, in flow coordinates, to find the wire that a dragged card is near. */
export interface WireSample {
  readonly edgeId: string;
  readonly x: number;
  readonly y: number;
}
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

const STEP = 16;
/** How near a card must come to a wire, in flow units. */
const NEAR = 28;

/** Samples all wires that are drawn within an element. Done once when a drag begins. */
export function sampleWires(container: Element, except: (edgeId: string) => boolean = () => false): WireSample[] {
  return [...container.querySelectorAll<SVGGElement>('.react-flow__edge')].flatMap((group) => {
    const edgeId = group.dataset.id;
    const path = group.querySelector<SVGPathElement>('path.react-flow__edge-path');
    if (!edgeId || !path || except(edgeId)) return [];
    const length = path.getTotalLength();
    return Array.from({ length: Math.max(1, Math.floor(length / STEP)) }, (_, index) => {
      const { x, y } = path.getPointAtLength((index + 0.5) * STEP);
      return { edgeId, x, y };
    });
  });
}

/** The wire nearest to the middle of a card, if it is near the card at all. */
export function wireNear(samples: readonly WireSample[], box: Box): string | null {
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  let best: { edgeId: string; distance: number } | undefined;
  for (const sample of samples) {
    const outside = Math.max(box.x - sample.x, sample.x - box.x - box.width, box.y - sample.y, sample.y - box.y - box.height, 0);
    if (outside > NEAR) continue;
    const distance = Math.hypot(sample.x - middle.x, sample.y - middle.y);
    if (!best || distance < best.distance) best = { edgeId: sample.edgeId, distance };
  }
  return best?.edgeId ?? null;
}

/** The point half along a wire. */
export function middleOfWire(samples: readonly WireSample[], edgeId: string): Point | undefined {
  const along = samples.filter((sample) => sample.edgeId === edgeId);
  return along[Math.floor(along.length / 2)];
}

/** Height of the ports below a card's top edge. */
export const PORT_TOP = 23;

/** The place of a card that is let go on a wire: its way in lies on the wire, so that the wire does not bend there. */
export function levelWith(samples: readonly WireSample[], edgeId: string, place: Point): Point {
  const distance = ({ x, y }: Point) => Math.hypot(x - place.x, y - place.y - PORT_TOP);
  const along = samples.filter((sample) => sample.edgeId === edgeId);
  const nearest = along.reduce<Point | undefined>((best, sample) => (best && distance(best) <= distance(sample) ? best : sample), undefined);
  return nearest ? { x: place.x, y: nearest.y - PORT_TOP } : place;
}
