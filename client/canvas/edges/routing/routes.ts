import { type EdgeProps, useStoreApi } from '@xyflow/react';
import { createContext, useContext, useMemo } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Point } from '../../../graph-editing/operations/geometry.ts';
import type { FlowEdge, FlowNode } from '../../view/flow-graph.ts';
import { findRoute } from './find-route.ts';
import { boxOf, levelOf } from './levels.ts';
import { Obstacles } from './obstacles.ts';

/** The routes of a canvas, as last computed for all edges together, and the cards that they go around. */
export interface Routes {
  readonly byEdge: ReadonlyMap<string, readonly Point[]>;
  readonly levels: ReadonlyMap<string | undefined, Obstacles>;
}
export type RoutesStore = StoreApi<Routes>;

export const createRoutes = (): RoutesStore => createStore<Routes>(() => ({ byEdge: new Map(), levels: new Map() }));
export const RoutesContext = createContext<RoutesStore | null>(null);

export function useRoutes(): RoutesStore {
  const store = useContext(RoutesContext);
  if (!store) throw new Error('useRoutes is used outside a canvas');
  return store;
}

const NO_CARDS = new Obstacles([]);
const isAt = (point: Point | undefined, x: number, y: number): boolean => point !== undefined && Math.abs(point.x - x) < 0.5 && Math.abs(point.y - y) < 0.5;

/** A route that was moved as a whole, with the frame or the selection around it. Undefined if its ends moved differently. */
function shifted(points: readonly Point[], source: Point, target: Point): Point[] | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return undefined;
  const by = { x: source.x - first.x, y: source.y - first.y };
  if (!isAt(last, target.x - by.x, target.y - by.y)) return undefined;
  return points.map(({ x, y }) => ({ x: x + by.x, y: y + by.y }));
}

/** The corners of an edge. While its nodes are dragged, a route of its own, which other edges may overlap. */
export function useRoute({ id, source, target, sourceX, sourceY, targetX, targetY, data }: EdgeProps<FlowEdge>): readonly Point[] {
  const routes = useRoutes();
  const flow = useStoreApi<FlowNode, FlowEdge>();
  const known = useStore(routes, ({ byEdge }) => byEdge.get(id));
  const isCurrent = known !== undefined && isAt(known[0], sourceX, sourceY) && isAt(known.at(-1), targetX, targetY);
  const isLoop = data?.ends.back === true;
  const own = useMemo(() => {
    if (isCurrent) return undefined;
    const moved = known && shifted(known, { x: sourceX, y: sourceY }, { x: targetX, y: targetY });
    if (moved) return moved;
    const { nodeLookup } = flow.getState();
    const boxes = [boxOf(nodeLookup.get(source)), boxOf(nodeLookup.get(target))].filter((box) => box !== undefined);
    const level = routes.getState().levels.get(levelOf(nodeLookup, source)) ?? NO_CARDS;
    return findRoute({ source: { x: sourceX, y: sourceY }, target: { x: targetX, y: targetY }, own: boxes, isLoop }, level);
  }, [isCurrent, known, routes, flow, source, target, sourceX, sourceY, targetX, targetY, isLoop]);
  return own ?? known ?? [];
}
