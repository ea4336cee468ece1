import type { Point } from '../../graph-editing/operations/geometry.ts';

/** Points along the edges in flow coordinates, for finding the edge near a dragged card. */
export interface EdgeSample {
  readonly edgeId: string;
  readonly x: number;
  readonly y: number;
}
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

const STEP = 16;
/** Maximum distance between a card and an edge, in flow units. */
const NEAR = 28;

/** Samples all edges rendered within `container`. Call once, when a drag starts. */
export function sampleEdges(container: Element, except: (edgeId: string) => boolean = () => false): EdgeSample[] {
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

/** The edge nearest to the center of a card, or null if none is close. */
export function edgeNear(samples: readonly EdgeSample[], box: Box): string | null {
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

/** The midpoint of an edge. */
export function middleOfEdge(samples: readonly EdgeSample[], edgeId: string): Point | undefined {
  const along = samples.filter((sample) => sample.edgeId === edgeId);
  return along[Math.floor(along.length / 2)];
}

/** Distance from the top of a card to its ports. */
export const PORT_TOP = 23;

/** The position of a card dropped on an edge: its input port is level with the edge, which stays straight. */
export function levelWith(samples: readonly EdgeSample[], edgeId: string, place: Point): Point {
  const distance = ({ x, y }: Point) => Math.hypot(x - place.x, y - place.y - PORT_TOP);
  const along = samples.filter((sample) => sample.edgeId === edgeId);
  const nearest = along.reduce<Point | undefined>((best, sample) => (best && distance(best) <= distance(sample) ? best : sample), undefined);
  return nearest ? { x: place.x, y: nearest.y - PORT_TOP } : place;
}
