import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { expect, it } from 'vitest';
import { addNode } from './add-node.ts';

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

function added(type: string, options: { inside?: string }, to: Graph = graph) {
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

it('lets a new for-each read the only list of the input', () => {
  expect(added('for-each', {})).toMatchObject({ items: '{{ input.articles }}' });
  const two = { ...graph, nodes: [made('start', 'input', { schema: { type: 'object', properties: { one: list, two: list } } })] };
  expect(added('for-each', {}, two)).toMatchObject({ items: '{{ input.items }}' });
});
