import type { Graph, GraphEdge, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { streamedNodes } from './streamed-nodes.ts';

const node = (type: string, key: string, value?: unknown): GraphNode => ({
  id: key,
  type,
  position: { x: 0, y: 0 },
  data: { key, title: key, typeVersion: 1, params: value === undefined ? {} : { value } },
});
const edge = (source: string, target: string, data?: GraphEdge['data']): GraphEdge => ({
  id: `${source}-${target}`,
  source,
  target,
  sourceHandle: 'out',
  targetHandle: 'in',
  ...(data && { data }),
});
const streamed = (nodes: GraphNode[], ...edges: GraphEdge[]): string[] => [...streamedNodes({ nodes, edges, vars: {} } satisfies Graph)];

test('streams a node whose text is the output', () => {
  expect(streamed([node('prompt', 'ask'), node('output', 'reply', '{{ steps.ask.text }}')], edge('ask', 'reply'))).toEqual(['ask']);
});

test('streams nothing if the output changes the text or is another node’s', () => {
  const ask = node('prompt', 'ask');
  expect(streamed([ask, node('output', 'reply', 'Re: {{ steps.ask.text }}')], edge('ask', 'reply'))).toEqual([]);
  expect(streamed([ask, node('output', 'reply', { text: '{{ steps.ask.text }}' })], edge('ask', 'reply'))).toEqual([]);
  expect(streamed([ask, node('output', 'reply', '{{ steps.other.text }}')], edge('ask', 'reply'))).toEqual([]);
});

test('streams nothing that one of the branches after it replaces', () => {
  const nodes = [
    node('prompt', 'draft'),
    node('prompt', 'better'),
    node('output', 'first', '{{ steps.draft.text }}'),
    node('output', 'second', '{{steps.better.text}}'),
  ];
  expect(streamed(nodes, edge('draft', 'first'), edge('draft', 'better'), edge('better', 'second'))).toEqual(['better']);
});

test('streams nothing that a loop repeats', () => {
  const nodes = [node('prompt', 'ask'), node('condition', 'good'), node('output', 'reply', '{{ steps.ask.text }}')];
  expect(streamed(nodes, edge('ask', 'good'), edge('good', 'reply'), edge('good', 'ask', { back: true }))).toEqual([]);
});
