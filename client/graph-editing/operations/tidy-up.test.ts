import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { makeGroup } from './groups.ts';
import { tidied } from './tidy-graph.ts';
import type { Layout } from './tidy-rows.ts';
import { tidyPlaces } from './tidy-up.ts';

const node = (id: string, x: number, y: number): GraphNode => ({
  id,
  type: 'prompt',
  position: { x, y },
  data: { key: id, title: id, typeVersion: 1, params: {} },
});
const edge = (source: string, target: string, back = false) => ({ id: `${source}-${target}`, source, target, ...(back && { data: { back } }) });

const CARDS: Layout = { sizeOf: () => ({ width: 200, height: 90 }), portOf: () => 23, isWide: () => false };

test('Connected nodes are laid out left to right, and unconnected ones cover none of them', () => {
  const graph: Graph = {
    nodes: [node('c', 100, 300), node('a', 500, 80), node('b', 100, 300), node('d', 0, 0), node('note', 9, 9)],
    edges: [edge('a', 'b'), edge('a', 'c'), edge('b', 'd'), edge('c', 'd'), edge('d', 'a', true)],
  };
  const places = tidyPlaces(graph, CARDS);
  const at = (id: string) => places.get(id) ?? { x: Number.NaN, y: Number.NaN };
  expect(at('b').x).toBeGreaterThanOrEqual(at('a').x + 200);
  expect(at('d').x).toBeGreaterThanOrEqual(at('c').x + 200);
  expect(at('b').x).toBe(at('c').x);
  expect(Math.abs(at('b').y - at('c').y)).toBeGreaterThanOrEqual(90);
  const note = at('note');
  expect(['a', 'b', 'c', 'd'].some((id) => Math.abs(at(id).x - note.x) < 200 && Math.abs(at(id).y - note.y) < 90)).toBe(false);
  expect(Math.min(...['a', 'b', 'c', 'd'].map((id) => at(id).x))).toBe(0);
});

const chainOf = (length: number, type = 'prompt'): Graph => {
  const nodes = Array.from({ length }, (_, at) => ({ ...node(`n${at}`, at * 7, at * 31), type }));
  return { nodes, edges: nodes.slice(1).map(({ id }, at) => edge(`n${at}`, id)) };
};

test('A long chain wraps into rows that fit the view, and each row is straight', () => {
  const places = tidyPlaces(chainOf(60), { ...CARDS, view: { width: 1_340, height: 720 } });
  const right = Math.max(...[...places.values()].map(({ x }) => x + 200));
  const bottom = Math.max(...[...places.values()].map(({ y }) => y + 90));
  expect(Math.min(1_340 / right, 720 / bottom)).toBeGreaterThan(0.35);
  const rows = Map.groupBy(places.values(), ({ y }) => y);
  expect(rows.size).toBeGreaterThan(2);
  expect([...rows.values()].every((row) => row[0]?.x === 0)).toBe(true);
});

test('A short chain stays in one row', () => {
  const places = tidyPlaces(chainOf(6), { ...CARDS, view: { width: 1_340, height: 720 } });
  expect(new Set([...places.values()].map(({ y }) => y)).size).toBe(1);
});

test('Nodes of different heights are level by their ports, and the branches of a node are around it', () => {
  const graph: Graph = {
    nodes: ['a', 'b', 'x', 'y', 'z', 'end'].map((id) => node(id, 0, 0)),
    edges: [edge('a', 'b'), edge('b', 'x'), edge('b', 'y'), edge('b', 'z'), edge('x', 'end'), edge('y', 'end'), edge('z', 'end')],
  };
  const heights: Record<string, number> = { b: 240, y: 60 };
  const places = tidyPlaces(graph, { ...CARDS, sizeOf: (id) => ({ width: 200, height: heights[id] ?? 90 }) });
  const y = (id: string) => places.get(id)?.y ?? Number.NaN;
  expect(y('a')).toBe(y('b'));
  expect([y('x') < y('b'), y('z') > y('b')]).toEqual([true, true]);
  expect(y('end')).toBe(y('y'));
});

test('A group stays together and is no larger than needed', () => {
  const chain = chainOf(5, 'transform');
  const sizes = new Map(chain.nodes.map(({ id }) => [id, { width: 200, height: 66 }]));
  const group = makeGroup(chain, ['n1', 'n2'], sizes);
  if (!group) throw new Error('the nodes can be grouped');
  const graph = tidied(group.graph, definitionOf, { sizes, view: undefined });
  const find = (id: string) => graph.nodes.find((one) => one.id === id);
  const frame = find(group.id);
  expect(frame).toMatchObject({ width: 24 + 200 + 72 + 200 + 24 });
  // Level with what is before and behind the group.
  const inside = (frame?.position.y ?? 0) + (find('n1')?.position.y ?? 0);
  expect([find('n0')?.position.y, find('n3')?.position.y]).toEqual([inside, inside]);
});
