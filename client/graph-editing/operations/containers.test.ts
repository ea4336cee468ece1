import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { expect, it } from 'vitest';
import { refusal } from './connect.ts';
import { dropNodes, fitFrames, intoOrOut, placeOnCanvas, withContents } from './containers.ts';

const made = (id: string, type: string, x: number, y: number, more: Partial<GraphNode> = {}): GraphNode => ({
  id,
  type,
  position: { x, y },
  data: { key: id, title: id, typeVersion: 1, params: {} },
  ...more,
});

const graph: Graph = {
  nodes: [
    made('outer', 'for-each', 100, 100, { width: 900, height: 600 }),
    made('inner', 'for-each', 40, 120, { width: 560, height: 300, parentId: 'outer' }),
    made('deep', 'transform', 30, 110, { parentId: 'inner' }),
    made('free', 'transform', 1200, 0),
    made('other', 'transform', 1500, 0),
  ],
  edges: [{ id: 'e', source: 'free', target: 'other' }],
};
const find = (from: Graph, id: string) => from.nodes.find((node) => node.id === id);
const CARD = { width: 200, height: 66 };

it('drops a node into the innermost container under it, without edges that would cross its border', () => {
  const dropped = dropNodes(graph, [{ id: 'free', at: { x: 400, y: 380 }, size: CARD }], definitionOf);
  expect(find(dropped, 'free')).toMatchObject({ parentId: 'inner', position: { x: 260, y: 160 } });
  expect(dropped.edges).toEqual([]);
  const out = dropNodes(dropped, [{ id: 'free', at: { x: 1200, y: 0 }, size: CARD }], definitionOf);
  expect(find(out, 'free')?.parentId).toBeUndefined();
});

it('never puts a container into itself, and keeps a node’s place on the canvas', () => {
  const moved = dropNodes(graph, [{ id: 'outer', at: { x: 120, y: 120 }, size: { width: 900, height: 600 } }], definitionOf);
  expect(find(moved, 'outer')?.parentId).toBeUndefined();
  const deep = find(moved, 'deep');
  expect(deep && placeOnCanvas(moved, deep)).toEqual({ x: 190, y: 350 });
  expect([...withContents(graph, ['outer'])]).toEqual(['outer', 'inner', 'deep']);
});

it('grows around what is in it, from the inside out, and keeps its head clear', () => {
  const nodes = graph.nodes.map((node) => (node.id === 'deep' ? { ...node, position: { x: 900, y: 10 } } : node));
  const fitted = fitFrames({ ...graph, nodes }, definitionOf);
  expect(find(fitted, 'deep')?.position.y).toBeGreaterThan(90);
  expect(find(fitted, 'inner')?.width).toBe(1124);
  expect(find(fitted, 'outer')?.width).toBe(1188);
  expect(fitFrames(fitted, definitionOf)).toBe(fitted);
});

it('pushes what is beside a container that grows, by as much', () => {
  const nodes = graph.nodes.map((node) => (node.id === 'deep' ? { ...node, position: { x: 900, y: 10 } } : node));
  const beside = made('beside', 'output', 1064, 100);
  const fitted = fitFrames({ ...graph, nodes: [...nodes, beside] }, definitionOf);
  expect(find(fitted, 'beside')?.position).toEqual({ x: 1064 + (1188 - 900), y: 100 });
});

it('moves out and in by key, and refuses edges across a border', () => {
  const out = intoOrOut(graph, ['deep'], definitionOf);
  expect(find(out, 'deep')?.parentId).toBe('outer');
  expect(find(intoOrOut(graph, ['free'], definitionOf), 'free')?.parentId).toBe('inner');
  expect(refusal(graph, { source: 'free', target: 'deep' })).toMatch(/cross the border/);
  expect(refusal(graph, { source: 'free', target: 'outer' })).toBeUndefined();
});
