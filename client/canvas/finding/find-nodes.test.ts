import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { expect, it } from 'vitest';
import { findNodes } from './find-nodes.ts';

const node = (id: string, type: string, title: string, params: Record<string, unknown> = {}): GraphNode => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: { key: id, title, typeVersion: 1, params },
});
const graph: Graph = {
  nodes: [
    node('book', 'tool', 'Book the order', { url: 'https://shop.example/refunds', headers: [{ name: 'X-Team', value: 'care' }] }),
    node('start', 'input', 'Message'),
    node('draft_2', 'prompt', 'Refund draft', { message: 'Answer {{ input.message }} politely' }),
  ],
  edges: [
    { id: 'a', source: 'start', target: 'draft_2' },
    { id: 'b', source: 'draft_2', target: 'book' },
  ],
};

it.each([
  ['refund', ['draft_2', 'book']],
  ['draft_2', ['draft_2']],
  ['http', ['book']],
  ['politely', ['draft_2']],
  ['care', ['book']],
  ['refund politely', ['draft_2']],
  ['', []],
  ['zebra', []],
])('finds “%s”', (search, ids) => {
  expect(findNodes(graph, search)).toEqual(ids);
});
