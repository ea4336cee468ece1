import { expect, it } from 'vitest';
import { fakeCatalog, graphOf, node } from './check/fake-catalog.fixture.ts';
import { renameKey } from './rename-key.ts';

const edges = ['start>sort', 'sort.billing>draft', 'draft>end'];
const graph = graphOf(
  [
    node('start', 'input'),
    node('sort', 'classify', { text: '{{ input.message }} sort' }),
    node('draft', 'prompt', {
      text: 'steps.sort: {{ steps.sort.label }}',
      rules: ['steps["sort"].confidence > 0.5', 'previous.?sort'],
      params: { kept: { steps: 'sort' } },
    }),
    node('end', 'output', { text: '{{ steps.draft.text }}' }),
    node('old', 'teleport', { text: '{{ steps.sort }}' }),
    node('memo', 'note', { params: { text: 'See {{ steps.sort.label }} of “sort”' } }),
  ],
  edges,
);

it('renames a node and every expression that names it', () => {
  const renamed = renameKey(graph, fakeCatalog, 'sort', 'triage');
  const data = new Map(renamed.nodes.map((item) => [item.id, item.data]));
  expect(data.get('sort')?.key).toBe('triage');
  expect(data.get('draft')?.params.text).toBe('steps.sort: {{ steps.triage.label }}');
  expect(data.get('draft')?.params.rules).toEqual(['steps["triage"].confidence > 0.5', 'previous.?triage']);
  expect(graph.nodes[2]?.data.params.rules).toEqual(['steps["sort"].confidence > 0.5', 'previous.?sort']);
  expect(data.get('draft')?.params.kept).toEqual({ steps: 'sort' });
  expect(data.get('memo')?.params.text).toBe('See {{ steps.triage.label }} of “sort”');
  expect(renamed.edges).toBe(graph.edges);
});

it('keeps unchanged nodes identical', () => {
  const renamed = renameKey(graph, fakeCatalog, 'sort', 'triage');
  expect([0, 3, 4].map((index) => renamed.nodes[index] === graph.nodes[index])).toEqual([true, true, true]);
  expect(renameKey(graph, fakeCatalog, 'sort', 'sort')).toBe(graph);
  expect(renameKey(graph, fakeCatalog, 'missing', 'x')).toBe(graph);
});

it('leaves expressions unchanged when another node has the same key', () => {
  const doubled = { ...graph, nodes: [...graph.nodes, node('copy', 'prompt', { key: 'sort' })] };
  const renamed = renameKey(doubled, fakeCatalog, 'copy', 'sort_2');
  expect(renamed.nodes.at(-1)?.data.key).toBe('sort_2');
  expect(renamed.nodes.slice(0, -1)).toEqual(doubled.nodes.slice(0, -1));
});
