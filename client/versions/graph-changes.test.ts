import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { compareGraphs, countChanges, summarizeChanges } from './graph-changes.ts';

const prompt = (id: string, params: Record<string, unknown> = {}): GraphNode => ({
  id,
  type: 'prompt',
  position: { x: 0, y: 0 },
  data: { key: id, title: id.toUpperCase(), typeVersion: 1, params: { route: 'fast', message: 'Hi', ...params } },
});

const before: Graph = {
  nodes: [prompt('a'), prompt('b'), prompt('old')],
  edges: [
    { id: 'one', source: 'a', target: 'b' },
    { id: 'two', source: 'b', target: 'old' },
  ],
};
const after: Graph = {
  nodes: [prompt('a'), prompt('b', { maxTokens: 400, message: 'Hello' }), prompt('new')],
  edges: [
    { id: 'one', source: 'a', target: 'b' },
    { id: 'two', source: 'b', target: 'new' },
  ],
  vars: { brand: 'Acme' },
};

test('The drawn graph has the parts of both, each marked with a word', () => {
  const { graph, marks } = compareGraphs(before, after);
  expect(graph.nodes.map(({ id }) => id)).toEqual(['a', 'b', 'new', 'old']);
  expect(graph.edges.map(({ id, target }) => [id, target])).toEqual([
    ['one', 'b'],
    ['two', 'new'],
    ['removed two', 'old'],
  ]);
  expect([...marks].map(([id, { words }]) => `${id}: ${words}`)).toEqual(['b: Changed 2', 'new: Added', 'old: Removed', 'two: Added', 'removed two: Removed']);
});

test('Changes name fields by their labels in the inspector', () => {
  const { changes } = compareGraphs(before, after);
  expect(changes.flatMap(({ title, lines }) => lines.map(({ field, before: was, after: is }) => [title, field, was, is]))).toEqual([
    ['B', 'User message', 'Hi', 'Hello'],
    ['B', 'Max tokens', undefined, 400],
    ['NEW', 'Node', undefined, expect.stringContaining('fast')],
    ['OLD', 'Node', expect.stringContaining('fast'), undefined],
    ['B', 'Edge to', undefined, 'NEW'],
    ['B', 'Edge to', 'OLD', undefined],
    ['Variables', 'brand', undefined, 'Acme'],
  ]);
});

test('Changes are counted and summarized', () => {
  const { changes } = compareGraphs(before, after);
  expect(countChanges(changes)).toEqual({ added: 2, changed: 2, removed: 2 });
  expect(summarizeChanges(changes)).toBe('3 nodes, 2 edges, and the variables differ');
  expect(summarizeChanges(compareGraphs(before, { ...before, nodes: [...before.nodes, prompt('c')] }).changes)).toBe('1 node differs');
  expect(summarizeChanges(compareGraphs(before, before).changes)).toBe('No differences');
});
