import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { tidyPlaces } from './tidy-up.ts';

const node = (id: string, x: number, y: number): GraphNode => ({
  id,
  type: 'prompt',
  position: { x, y },
  data: { key: id, title: id, typeVersion: 1, params: {} },
});
const edge = (source: string, target: string, back = false) => ({ id: `${source}-${target}`, source, target, ...(back && { data: { back } }) });

test('Connected nodes are laid out left to right without overlap, and unconnected ones stay', () => {
  const graph: Graph = {
    nodes: [node('c', 100, 300), node('a', 500, 80), node('b', 100, 300), node('d', 0, 0), node('note', 9, 9)],
    edges: [edge('a', 'b'), edge('a', 'c'), edge('b', 'd'), edge('c', 'd'), edge('d', 'a', true)],
  };
  const places = tidyPlaces(graph, () => ({ width: 200, height: 90 }));
  const at = (id: string) => places.get(id) ?? { x: Number.NaN, y: Number.NaN };
  expect(at('b').x).toBeGreaterThanOrEqual(at('a').x + 200);
  expect(at('d').x).toBeGreaterThanOrEqual(at('c').x + 200);
  expect(at('b').x).toBe(at('c').x);
  expect(Math.abs(at('b').y - at('c').y)).toBeGreaterThanOrEqual(90);
  expect(places.has('note')).toBe(false);
  expect(Math.min(...[...places.values()].map((place) => place.x))).toBe(0);
});
