import { expect, it } from 'vitest';
import { checkGraph } from '../check.ts';
import { scopeSchemaFor } from '../scope-schema.ts';
import { fakeCatalog, graphOf, node } from './fake-catalog.fixture.ts';

const catalog: typeof fakeCatalog = (type) => {
  const known = fakeCatalog(type === 'callback' || type === 'each' ? 'human-review' : type);
  return known && (type === 'each' ? { ...known, type, role: 'container' } : known);
};
const graph = (text: string) => {
  const made = graphOf(
    [node('start', 'input'), node('draft', 'prompt', { text }), node('ready', 'callback'), node('each', 'each'), node('inner', 'callback')],
    ['start>draft'],
  );
  return { ...made, nodes: made.nodes.map((one) => (one.id === 'inner' ? { ...one, parentId: 'each' } : one)) };
};
const problemsWith = (text: string) => checkGraph(graph(text), catalog).filter(({ nodeId, code }) => nodeId === 'draft' && code === 'unknown-field');

it('accepts the URL of a callback, also of a later node', () => {
  expect(problemsWith('{{ run.callbacks.ready }}')).toEqual([]);
  expect(scopeSchemaFor(graph(''), catalog, 'draft').run).toMatchObject({ properties: { callbacks: { properties: { ready: { type: 'string' } } } } });
});

it.each(['{{ run.callbacks.redy }}', '{{ run.callbacks.draft }}', '{{ run.callbacks.inner }}'])('rejects a callback that this node can’t name: %s', (text) => {
  expect(problemsWith(text)).toHaveLength(1);
});
