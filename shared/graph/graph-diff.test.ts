import { expect, test } from 'vitest';
import { sameJson } from '../same-json.ts';
import type { Graph, GraphEdge, GraphNode } from './graph.ts';
import { diffGraphs, type GraphDiff, isSameGraph } from './graph-diff.ts';

const node = (id: string, params: Record<string, unknown> = {}, more: Partial<GraphNode> = {}): GraphNode => ({
  id,
  type: 'prompt',
  position: { x: 0, y: 0 },
  data: { key: id, title: id, typeVersion: 1, params },
  ...more,
});
const edge = (source: string, target: string, more: Partial<GraphEdge> = {}): GraphEdge => ({ id: `${source}-${target}`, source, target, ...more });
const brief = ({ nodes, edges }: GraphDiff) => ({
  nodes: nodes.map(({ kind, before, after }) => `${kind} ${(after ?? before)?.id}`),
  edges: edges.map(({ kind, before, after }) => `${kind} ${(after ?? before)?.id}`),
});

test('Nodes and edges are added, removed, changed, or moved', () => {
  const before: Graph = { nodes: [node('a'), node('b'), node('c'), node('gone')], edges: [edge('a', 'b'), edge('b', 'gone')] };
  const after: Graph = {
    nodes: [node('a'), node('b', { route: 'fast' }), node('c', {}, { position: { x: 40, y: 0 } }), node('new')],
    edges: [edge('a', 'b'), edge('b', 'new')],
  };
  expect(brief(diffGraphs(before, after))).toEqual({ nodes: ['changed b', 'moved c', 'added new', 'removed gone'], edges: ['added b-new', 'removed b-gone'] });
  expect(isSameGraph(diffGraphs(before, structuredClone(before)))).toBe(true);
});

test('A changed node lists each field with both values, by path', () => {
  const before: Graph = { nodes: [node('a', { message: 'Be brief', labels: [{ name: 'billing' }], limits: { max: 3 } })], edges: [] };
  const after: Graph = { nodes: [node('a', { message: 'Be kind', labels: [{ name: 'billing' }, { name: 'bug' }], limits: [3] })], edges: [] };
  expect(diffGraphs(before, after).nodes[0]?.fields).toEqual([
    { path: ['params', 'message'], before: 'Be brief', after: 'Be kind' },
    { path: ['params', 'labels', '1'], before: undefined, after: { name: 'bug' } },
    { path: ['params', 'limits'], before: { max: 3 }, after: [3] },
  ]);
});

test('Nodes with new IDs are matched by key and type, and their edges follow', () => {
  const before: Graph = { nodes: [node('a'), node('b')], edges: [edge('a', 'b')] };
  const renamed = (id: string): GraphNode => ({ ...node(id), id: `new-${id}` });
  const after: Graph = { nodes: [renamed('a'), renamed('b')], edges: [edge('new-a', 'new-b', { sourceHandle: 'out' })] };
  expect(isSameGraph(diffGraphs(before, after))).toBe(true);
  expect(diffGraphs(before, { ...after, nodes: [renamed('a'), { ...renamed('b'), type: 'classify' }] })).toMatchObject({
    nodes: [{ kind: 'added' }, { kind: 'removed' }],
    edges: [{ kind: 'added' }, { kind: 'removed' }],
  });
});

test('Parallel edges, loop limits, and variables are compared', () => {
  const before: Graph = { nodes: [node('a'), node('b')], edges: [edge('a', 'b'), edge('b', 'a', { data: { back: true, limit: 3 } })], vars: { brand: 'Acme' } };
  const after: Graph = {
    ...before,
    edges: [edge('a', 'b'), edge('a', 'b', { id: 'again' }), edge('b', 'a', { data: { back: true, limit: 5 } })],
    vars: { brand: 'Nova' },
    helpers: 'export const a = 1;',
  };
  const diff = diffGraphs(before, after);
  expect(brief(diff).edges).toEqual(['added again', 'changed b-a']);
  expect(diff.edges[1]?.fields).toEqual([{ path: ['limit'], before: 3, after: 5 }]);
  expect(diff.vars).toEqual([{ path: ['brand'], before: 'Acme', after: 'Nova' }]);
  expect(diff.helpers).toEqual([{ path: ['helpers'], before: undefined, after: 'export const a = 1;' }]);
});

test('The number and depth of compared fields is bounded, and no changed node is missing', () => {
  const many = (value: number) => Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, value]));
  const deep = (value: number): Record<string, unknown> => Array.from({ length: 60 }).reduce<Record<string, unknown>>((inner) => ({ inner }), { value });
  const graph = (value: number): Graph => ({ nodes: [node('deep', deep(value)), node('wide', many(value)), node('last', { value })], edges: [] });
  const { nodes, truncated } = diffGraphs(graph(1), graph(2));
  expect(truncated).toBe(true);
  expect(nodes.map(({ kind }) => kind)).toEqual(['changed', 'changed', 'changed']);
  expect(nodes.map(({ fields }) => fields.length)).toEqual([1, 999, 1]);
  expect(nodes[0]?.fields[0]?.path).toHaveLength(20);
});

test('Key order and undefined values don’t count as differences', () => {
  expect(sameJson({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1, d: undefined })).toBe(true);
  expect(sameJson({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
  expect(sameJson([], {})).toBe(false);
});
