import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { renameKey } from '@switchyard/shared/graph/rename-key.ts';
import { expect, test } from 'vitest';
import { changedSince, ranKeyOf } from './changed-since.ts';
import { setNodeData } from './operations/change-nodes.ts';

const node = (key: string, type: string, params: Record<string, unknown>): GraphNode => ({
  id: `id_${key}`,
  type,
  position: { x: 0, y: 0 },
  data: { key, title: key, typeVersion: 1, params },
});
const ran: Graph = {
  nodes: [node('start', 'input', {}), node('draft', 'prompt', { message: 'Hi', route: 'fast' }), node('reply', 'output', { value: '{{ steps.draft.text }}' })],
  edges: [{ id: 'e', source: 'id_start', target: 'id_draft' }],
};
const tools = { renameKey, definitions: definitionOf };
const since = (now: Graph) => changedSince(ran, now, tools);

test('Moving or renaming a node doesn’t change what runs', () => {
  expect(since(ran)).toBeUndefined();
  expect(since({ ...ran, nodes: ran.nodes.map((one) => ({ ...one, position: { x: 9, y: 9 } })) })).toBeUndefined();
  const renamed = renameKey(setNodeData(ran, 'id_draft', { title: 'Answer' }), definitionOf, 'id_draft', 'answer');
  expect(since(renamed)).toBeUndefined();
});

test('Changed and new nodes are listed, and a removed one counts too', () => {
  const edited = setNodeData(ran, 'id_draft', { params: { message: 'Hello', route: 'fast' } });
  expect(since(edited)).toEqual(['id_draft']);
  expect(since({ ...edited, nodes: [...edited.nodes, node('more', 'merge', {})] })).toEqual(['id_draft', 'id_more']);
  expect(since({ ...ran, nodes: ran.nodes.slice(0, 2) })).toEqual([]);
  expect(since({ ...ran, edges: [] })).toEqual([]);
  expect(since({ ...ran, vars: { brand: 'x' } })).toEqual([]);
  expect(since({ ...ran, helpers: 'export const a = 1;' })).toEqual([]);
});

test('Reverting a change makes the run current again', () => {
  const edited = setNodeData(ran, 'id_draft', { params: { message: 'Hello', route: 'fast' } });
  expect(since(setNodeData(edited, 'id_draft', { params: { message: 'Hi', route: 'fast' } }))).toBeUndefined();
});

test('A run knows a renamed node by its old key, and doesn’t know a new one with that key', () => {
  const renamed = renameKey(ran, definitionOf, 'id_draft', 'answer');
  const now = { ...renamed, nodes: [...renamed.nodes, { ...node('draft', 'merge', {}), id: 'id_new' }] };
  expect(ranKeyOf(ran, now, 'answer')).toBe('draft');
  expect(ranKeyOf(ran, now, 'draft')).toBeUndefined();
  expect(ranKeyOf(ran, now, 'reply')).toBe('reply');
  expect(ranKeyOf(null, now, 'draft')).toBe('draft');
});
