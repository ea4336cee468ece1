import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { versionFacts } from './version-facts.ts';

const node = (key: string, type: string, params: Record<string, unknown>): GraphNode => ({
  id: key,
  type,
  position: { x: 0, y: 0 },
  data: { key, title: key, typeVersion: 1, params },
});
const prompt = {
  name: 'greet',
  description: '',
  latestVersion: 4,
  labels: [{ label: 'production', version: 3, at: '2026-01-01T00:00:00Z', actor: { kind: 'user', id: 'ada' } as const, reason: null }],
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
};

test('A version freezes its graph and prompts by number, and follows labels and routes', () => {
  const graph: Graph = {
    nodes: [
      node('start', 'input', { schema: { type: 'object' } }),
      node('one', 'prompt', { route: 'fast', prompt: { name: 'greet', label: 'production' } }),
      node('two', 'prompt', { route: 'fast', prompt: { name: 'greet', version: 2 } }),
      node('hint', 'note', { text: 'Not part of a run' }),
    ],
    edges: [{ id: 'e', source: 'start', target: 'one' }],
    vars: { brand: 'Acme' },
  };
  expect(versionFacts(graph, [prompt])).toEqual({
    frozen: ['3 nodes', '1 edge', '1 schema', '1 variable', 'greet@2'],
    prompts: [{ name: 'greet@production', now: 'v3' }],
    routes: ['fast'],
  });
  expect(versionFacts(graph, []).prompts).toEqual([{ name: 'greet@production' }]);
});
