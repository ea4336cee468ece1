import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { expect, it } from 'vitest';
import { type AddOptions, addNode } from './add-node.ts';

const made = (id: string, type: string, params: GraphNode['data']['params'], parentId?: string): GraphNode => ({
  id,
  type,
  position: { x: 40, y: 120 },
  data: { key: id, title: id, typeVersion: 1, params },
  ...(parentId !== undefined && { parentId }),
});
const list = { type: 'array', items: { type: 'string' } };
const graph: Graph = {
  nodes: [
    made('start', 'input', { schema: { type: 'object', properties: { articles: list, note: { type: 'string' } } } }),
    made('each', 'for-each', { items: '{{ input.articles }}' }),
    made('first', 'transform', { fields: [] }, 'each'),
  ],
  edges: [],
};

function added(type: string, options: AddOptions, to: Graph = graph) {
  const definition = definitionOf(type);
  if (!definition) throw new Error(`No type ${type}`);
  const result = addNode(to, definition, { x: 2_000, y: 2_000 }, definitionOf, options);
  return result.graph.nodes.find(({ id }) => id === result.id)?.data.params;
}

it.each([
  ['prompt', { message: '{{ item }}' }],
  ['classify', { text: '{{ item }}' }],
  ['condition', { branches: [{ rules: [{ field: 'item' }] }] }],
  ['code', { source: 'return { message: item };' }],
  ['transform', { fields: [{ name: 'message', value: 'item' }] }],
])('lets a new %s inside a for-each read the item', (type, params) => {
  expect(added(type, { inside: 'each' })).toMatchObject(params);
  expect(JSON.stringify(added(type, {}))).toContain('input.message');
});

it('shows a reviewer the item and what was written about it', () => {
  const nodes = [
    ...graph.nodes,
    made('summary', 'prompt', { route: 'fast', message: '{{ item }}' }, 'each'),
    made('check', 'classify', { labels: [] }, 'each'),
  ];
  const to = { ...graph, nodes, edges: [{ id: 'e', source: 'summary', target: 'check' }] };
  expect(added('human-review', { fromPort: { nodeId: 'check', handle: 'unsure', side: 'source' } }, to)).toMatchObject({
    context: [
      { name: 'Item', value: '{{ item }}' },
      { name: 'summary', value: '{{ steps.summary.text }}' },
    ],
  });
});

it('lets a new for-each read the only list of the input', () => {
  expect(added('for-each', {})).toMatchObject({ items: '{{ input.articles }}' });
  const two = { ...graph, nodes: [made('start', 'input', { schema: { type: 'object', properties: { one: list, two: list } } })] };
  expect(added('for-each', {}, two)).toMatchObject({ items: '{{ input.items }}' });
});
