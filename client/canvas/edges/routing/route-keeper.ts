import { useStore, useStoreApi } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import type { Point } from '../../../graph-editing/operations/geometry.ts';
import type { FlowEdge, FlowNode } from '../../view/flow-graph.ts';
import { findRoute } from './find-route.ts';
import { type RoutedEdge, spreadLanes } from './lanes.ts';
import { boxOf, type Lookup, levelOf, obstaclesOf, portPlace } from './levels.ts';
import { areaOf, type Box, type Obstacles, touches } from './obstacles.ts';
import { type RoutesStore, useRoutes } from './routes.ts';

/** Work per frame. A large graph is routed over several frames, and drawn with simple routes until then. */
const SLICE_MS = 8;
/** A card that moved within this distance of an edge may have been in its way. */
const NEAR = 40;

/** Routes all edges of the canvas together whenever nodes have come to rest. */
export function RouteKeeper(): null {
  const routes = useRoutes();
  const flow = useStoreApi<FlowNode, FlowEdge>();
  const nodes = useStore((state) => state.nodes);
  const edges = useStore((state) => state.edges);
  const router = useRef<Router>(null);
  router.current ??= new Router(routes);
  useEffect(() => {
    const { current } = router;
    if (!current || nodes.some(({ dragging }) => dragging)) return;
    // After the nodes of this change are measured.
    const frame = requestAnimationFrame(() => current.update(flow.getState().nodeLookup, edges as FlowEdge[]));
    return () => cancelAnimationFrame(frame);
  }, [flow, nodes, edges]);
  useEffect(() => () => router.current?.stop(), []);
  return null;
}

interface Known {
  readonly key: string;
  readonly points: readonly Point[];
}

/** Computes routes, keeping those whose ends and surroundings did not change. */
class Router {
  readonly #routes: RoutesStore;
  #boxes = new Map<string, Box>();
  #known = new Map<string, Known>();
  #frame = 0;

  constructor(routes: RoutesStore) {
    this.#routes = routes;
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
  }

  update(lookup: Lookup, edges: readonly FlowEdge[]): void {
    const boxes = new Map<string, Box>();
    for (const node of lookup.values()) {
      const box = boxOf(node);
      if (box && node.type !== 'note') boxes.set(node.id, box);
    }
    const changed = changedBoxes(this.#boxes, boxes);
    const isSame = changed.length === 0 && edges.length === this.#known.size && edges.every((edge) => this.#known.get(edge.id)?.key === keyOf(lookup, edge));
    if (isSame) return;
    this.stop();
    this.#boxes = boxes;
    const levels = obstaclesOf(lookup);
    const work = this.#route(lookup, edges, changed, levels);
    const go = () => {
      const until = performance.now() + SLICE_MS;
      for (let part = work.next(); !part.done; part = work.next()) {
        if (performance.now() < until) continue;
        this.#frame = requestAnimationFrame(go);
        return;
      }
    };
    go();
  }

  *#route(lookup: Lookup, edges: readonly FlowEdge[], changed: readonly Box[], levels: ReadonlyMap<string | undefined, Obstacles>): Generator<void, void> {
    const known = new Map<string, Known>();
    const routed: RoutedEdge[] = [];
    for (const edge of edges) {
      const level = levels.get(levelOf(lookup, edge.source));
      const source = portPlace(lookup.get(edge.source), 'source', edge.sourceHandle);
      const target = portPlace(lookup.get(edge.target), 'target', edge.targetHandle);
      const own = [boxOf(lookup.get(edge.source)), boxOf(lookup.get(edge.target))].filter((box) => box !== undefined);
      if (!level || !source || !target) continue;
      const key = keyOf(lookup, edge);
      const before = this.#known.get(edge.id);
      const points =
        before?.key === key && !isNearAny(before.points, changed) ? before.points : findRoute({ source, target, own, isLoop: edge.type === 'loop' }, level);
      known.set(edge.id, { key, points });
      routed.push({
        id: edge.id,
        level,
        points: [...points],
        sourcePort: `${edge.source} ${edge.sourceHandle}`,
        targetPort: `${edge.target} ${edge.targetHandle}`,
      });
      yield;
    }
    this.#known = known;
    spreadLanes(routed);
    this.#publish(routed, levels);
  }

  /** Keeps the lists of routes that stay, so their edges don’t render. */
  #publish(routed: readonly RoutedEdge[], levels: ReadonlyMap<string | undefined, Obstacles>): void {
    const before = this.#routes.getState().byEdge;
    const byEdge = new Map(
      routed.map(({ id, points }): [string, readonly Point[]] => {
        const old = before.get(id);
        return [id, old && isSameLine(old, points) ? old : points];
      }),
    );
    this.#routes.setState({ byEdge, levels });
  }
}

/** Where an edge begins and ends. */
function keyOf(lookup: Lookup, { source, target, sourceHandle, targetHandle, type }: FlowEdge): string {
  const from = portPlace(lookup.get(source), 'source', sourceHandle);
  const to = portPlace(lookup.get(target), 'target', targetHandle);
  return `${type} ${from?.x} ${from?.y} ${to?.x} ${to?.y}`;
}

const isSameLine = (a: readonly Point[], b: readonly Point[]): boolean =>
  a.length === b.length && a.every(({ x, y }, index) => b[index]?.x === x && b[index]?.y === y);

const isSameBox = (a: Box, b: Box): boolean => a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom;

/** Boxes that are new, gone, or elsewhere: before and after. */
function changedBoxes(before: ReadonlyMap<string, Box>, after: ReadonlyMap<string, Box>): Box[] {
  const changed: Box[] = [];
  for (const [id, box] of after) {
    const old = before.get(id);
    if (old && isSameBox(old, box)) continue;
    changed.push(box, ...(old ? [old] : []));
  }
  for (const [id, box] of before) if (!after.has(id)) changed.push(box);
  return changed;
}

/** Whether one of these cards could be, or could have been, in the way of a route. */
function isNearAny(points: readonly Point[], boxes: readonly Box[]): boolean {
  if (boxes.length === 0) return false;
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const area = areaOf({ x: Math.min(...xs), y: Math.min(...ys) }, { x: Math.max(...xs), y: Math.max(...ys) }, NEAR);
  return boxes.some((box) => touches(box, area));
}
