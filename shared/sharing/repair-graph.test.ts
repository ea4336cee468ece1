import { expect, it } from 'vitest';
import { fakeCatalog as catalog } from '../graph/check/fake-catalog.fixture.ts';
import type { Graph, GraphNode } from '../graph/graph.ts';
import { repairGraph } from './repair-graph.ts';

const node = (id: string, title = id, more: Partial<GraphNode> = {}): GraphNode => ({
  id,
  type: 'prompt',
  position: { x: 0, y: 0 },
  ...more,
  data: { key: title.toLowerCase(), title, typeVersion: 1, params: {} },
});
const edge = (id: string, source: string, target: string, sourceHandle?: string) => ({ id, source, target, ...(sourceHandle && { sourceHandle }) });
const repaired = (nodes: GraphNode[], edges: Graph['edges'] = []) => repairGraph({ nodes, edges }, catalog);

it('returns a sound graph unchanged', () => {
  const graph = { nodes: [node('a'), node('b'), node('c', 'C', { parentId: 'b' })], edges: [edge('e1', 'a', 'b')] };
  expect(repairGraph(graph, catalog)).toEqual({ graph, notes: [] });
});

it('gives the second of two nodes with one ID a new ID', () => {
  const { graph, notes } = repaired([node('a', 'First'), node('a', 'Second'), node('a-2', 'Third')], [edge('e1', 'a', 'a-2')]);
  expect(graph.nodes.map(({ id, data }) => [id, data.title])).toEqual([
    ['a', 'First'],
    ['a-3', 'Second'],
    ['a-2', 'Third'],
  ]);
  expect(notes).toEqual([expect.stringContaining('“First” and “Second” had the same ID, “a”')]);
});

it('removes edges from or to a node that does not exist', () => {
  const { graph, notes } = repaired([node('a', 'A')], [edge('e1', 'a', 'ghost'), edge('e2', 'ghost', 'a'), edge('e3', 'x', 'y')]);
  expect(graph.edges).toEqual([]);
  expect(notes).toHaveLength(3);
  expect(notes[0]).toBe('Edge “e1” from “A” to “ghost” was removed: node “ghost” doesn’t exist.');
});

it('renames the second of two edges with one ID, and drops an exact copy', () => {
  const { graph, notes } = repaired([node('a'), node('b'), node('c')], [edge('e', 'a', 'b'), edge('e', 'b', 'c'), edge('e', 'a', 'b', 'out')]);
  expect(graph.edges).toEqual([edge('e', 'a', 'b'), edge('e-2', 'b', 'c')]);
  expect(notes).toHaveLength(2);
});

it('keeps an edge at an unknown port and notes it, unless the node type is unknown or newer', () => {
  const newer = { ...node('n', 'Newer'), data: { ...node('n').data, typeVersion: 99 } };
  const edges = [edge('e1', 'a', 'b', 'approved'), edge('e2', 'u', 'b', 'odd'), edge('e3', 'n', 'b', 'odd'), edge('e4', 'a', 'b', 'error')];
  const { graph, notes } = repaired([node('a', 'A'), node('b', 'B'), node('u', 'U', { type: 'teleport' }), newer], edges);
  expect(graph.edges).toEqual(edges);
  expect(notes).toEqual([expect.stringContaining('from “A” to “B” uses port “approved”')]);
});

it('frees nodes whose parent is missing or is inside them', () => {
  const { graph, notes } = repaired([
    node('a', 'A', { parentId: 'ghost' }),
    node('b', 'B', { parentId: 'c' }),
    node('c', 'C', { parentId: 'b' }),
    node('d', 'D', { parentId: 'd' }),
  ]);
  expect(graph.nodes.map(({ id, parentId }) => [id, parentId])).toEqual([
    ['a', undefined],
    ['b', undefined],
    ['c', 'b'],
    ['d', undefined],
  ]);
  expect(notes).toHaveLength(3);
});

it('lists at most 50 notes', () => {
  const { graph, notes } = repaired(Array.from({ length: 2_000 }, () => node('a')));
  expect(new Set(graph.nodes.map(({ id }) => id)).size).toBe(2_000);
  expect(notes).toHaveLength(50);
  expect(notes.at(-1)).toBe('And 1950 more repairs.');
});
