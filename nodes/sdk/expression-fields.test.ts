import { renameKey } from '@switchyard/shared/graph/rename-key.ts';
import { expect, it } from 'vitest';
import { catalog } from '../catalog.ts';

const tool = {
  url: 'https://example.com/{{ steps.sort.label }}',
  bodyKind: 'json',
  json: { deep: [{ label: '{{ steps.sort.label }}' }] },
  form: [{ name: 'label', value: '{{ steps.sort.label }}' }],
};
const sources = (which?: 'all') =>
  catalog('tool')
    ?.expressions(tool, which)
    .map(({ path }) => path.join('.'));

it('finds expressions in use, and unused ones on request', () => {
  expect(sources()).toEqual(['url', 'json.deep.0.label']);
  expect(sources('all')).toEqual(['url', 'json.deep.0.label', 'form.0.value']);
});

it('renames a step in unused expressions too (S2)', () => {
  const node = (key: string, type: string, params: Record<string, unknown>) => ({
    id: key,
    type,
    position: { x: 0, y: 0 },
    data: { key, title: key, typeVersion: 1, params },
  });
  const graph = { nodes: [node('sort', 'classify', {}), node('send', 'tool', tool)], edges: [] };
  const renamed = renameKey(graph, catalog, 'sort', 'triage');
  expect(JSON.stringify(renamed.nodes[1])).not.toContain('steps.sort');
});
