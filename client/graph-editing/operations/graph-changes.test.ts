import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { changedLeaf } from './changed-path.ts';
import { graphChanges } from './graph-changes.ts';
import { sameJson } from './same-graph.ts';

const node = (id: string, title = id, x = 0): GraphNode => ({
  id,
  type: 'prompt',
  position: { x, y: 0 },
  data: { key: id, title, typeVersion: 1, params: {} },
});
const edge = (id: string) => ({ id, source: 'a', target: 'b' });

test('Two drafts are compared node by node and by their edges', () => {
  const before: Graph = { nodes: [node('a'), node('b'), node('c'), node('gone')], edges: [edge('x')] };
  const after: Graph = { nodes: [node('a'), node('b', 'B'), node('c', 'c', 40), node('new')], edges: [edge('y'), edge('z')] };
  expect(graphChanges(before, after)).toEqual({
    nodes: [
      { kind: 'changed', id: 'b', title: 'B', settings: [{ path: 'title', before: 'b', after: 'B' }] },
      { kind: 'moved', id: 'c', title: 'c', settings: [] },
      { kind: 'added', id: 'new', title: 'new', settings: [] },
      { kind: 'removed', id: 'gone', title: 'gone', settings: [] },
    ],
    edgesAdded: 2,
    edgesRemoved: 1,
  });
});

test('A changed node shows both texts of each setting that differs', () => {
  const graphWith = (params: Record<string, unknown>): Graph => ({ nodes: [{ ...node('a'), data: { ...node('a').data, params } }], edges: [] });
  const before = graphWith({ message: 'Be brief', labels: [{ name: 'billing' }] });
  const after = graphWith({ message: 'Be kind', labels: [{ name: 'billing' }, { name: 'bug' }] });
  expect(graphChanges(before, after).nodes[0]?.settings).toEqual([
    { path: 'message', before: 'Be brief', after: 'Be kind' },
    { path: 'labels.1', before: '', after: '{"name":"bug"}' },
  ]);
});

test('Key order and undefined values don’t count as differences', () => {
  expect(sameJson({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1, d: undefined })).toBe(true);
  expect(sameJson({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
  expect(sameJson([], {})).toBe(false);
});

test('The changed text is found deep inside params', () => {
  const labels = (name: string) => ({ labels: [{ name: 'x' }, { name }], route: 'fast' });
  expect(changedLeaf(labels('re'), labels('ref'))).toBe('.labels.1.name');
  expect(changedLeaf({ text: 'a' }, { text: 'a', note: 'b' })).toBe('.note');
});

test('A change of shape, or of two fields at once, is not typing', () => {
  expect(changedLeaf({ list: [1] }, { list: [1, 2] })).toBeUndefined();
  expect(changedLeaf({ a: '1', b: '1' }, { a: '2', b: '2' })).toBeUndefined();
  expect(changedLeaf({ on: true }, { on: false })).toBeUndefined();
  expect(changedLeaf({ a: '1', b: '1' }, { a: '1' })).toBeUndefined();
});
