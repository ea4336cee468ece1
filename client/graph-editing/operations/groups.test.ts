import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { expect, it } from 'vitest';
import { arrange } from './arrange.ts';
import { refusal } from './connect.ts';
import { dropNodes, fitFrames, levelsOf, placeOnCanvas } from './containers.ts';
import { makeGroup, outermost, ungroup } from './groups.ts';

const made = (id: string, x: number, y: number, more: Partial<GraphNode> = {}): GraphNode => ({
  id,
  type: 'transform',
  position: { x, y },
  data: { key: id, title: id, typeVersion: 1, params: {} },
  ...more,
});
const graph: Graph = {
  nodes: [
    made('a', 100, 100),
    made('b', 400, 180),
    made('c', 900, 130),
    made('each', 0, 400, { type: 'for-each', width: 800, height: 300 }),
    made('inner', 40, 120, { parentId: 'each' }),
  ],
  edges: [
    { id: 'ab', source: 'a', target: 'b' },
    { id: 'bc', source: 'b', target: 'c' },
  ],
};
const sizes = new Map(['a', 'b', 'c', 'inner'].map((id) => [id, { width: 200, height: 80 }]));
const find = (from: Graph, id: string): GraphNode => from.nodes.find((node) => node.id === id) ?? made('missing', 0, 0);
const placesOf = (from: Graph, ids: readonly string[]) => ids.map((id) => placeOnCanvas(from, find(from, id)));
function grouped() {
  const group = makeGroup(graph, ['a', 'b'], sizes);
  if (!group) throw new Error('a and b can be grouped');
  return group;
}

it('puts nodes into a group without moving them, and out again', () => {
  const group = grouped();
  expect(find(group.graph, group.id)).toMatchObject({ type: 'group', position: { x: 80, y: 56 }, width: 540, height: 224 });
  expect(find(group.graph, 'a')).toMatchObject({ parentId: group.id, position: { x: 20, y: 44 } });
  expect(placesOf(group.graph, ['a', 'b'])).toEqual(placesOf(graph, ['a', 'b']));
  expect(fitFrames(group.graph, definitionOf)).toEqual(fitFrames(fitFrames(group.graph, definitionOf), definitionOf));
  expect(ungroup(group.graph, [group.id])).toEqual(graph);
  expect(ungroup(graph, ['a'])).toBe(graph);
});

it('groups only nodes of one frame, inside a container too', () => {
  expect(makeGroup(graph, ['a', 'inner'], sizes)).toBeUndefined();
  expect(makeGroup(graph, [], sizes)).toBeUndefined();
  const inside = makeGroup(graph, ['inner'], sizes);
  expect(inside && find(inside.graph, inside.id).parentId).toBe('each');
  expect(outermost(graph, ['each', 'inner', 'a']).map(({ id }) => id)).toEqual(['a', 'each']);
});

it('lets edges cross the border of a group, also when a node is dropped into it', () => {
  const group = grouped();
  expect(refusal(group.graph, { source: 'a', target: 'c' })).toBeUndefined();
  expect(refusal(group.graph, { source: 'a', target: 'inner' })).toContain('container');
  const dropped = dropNodes(group.graph, [{ id: 'c', at: { x: 120, y: 150 }, size: { width: 200, height: 80 } }], definitionOf);
  expect(find(dropped, 'c').parentId).toBe(group.id);
  expect(dropped.edges).toEqual(graph.edges);
});

it('lays out a group as one, with the edges that cross its border', () => {
  const group = grouped();
  const top = levelsOf(group.graph).find(({ parentId }) => parentId === undefined);
  expect(top?.level.edges).toEqual([{ id: 'bc', source: group.id, target: 'c' }]);
});

it('aligns and distributes nodes', () => {
  const rounded = (how: Parameters<typeof arrange>[2], axis: 'x' | 'y') =>
    placesOf(arrange(graph, ['a', 'b', 'c'], how, sizes), ['a', 'b', 'c']).map((place) => place[axis]);
  expect(rounded('left', 'x')).toEqual([100, 100, 100]);
  expect(rounded('right', 'x')).toEqual([900, 900, 900]);
  expect(rounded('top', 'y')).toEqual([100, 100, 100]);
  expect(rounded('middle', 'y')).toEqual([140, 140, 140]);
  expect(rounded('across', 'x')).toEqual([100, 500, 900]);
  // Too close together for 24 px between them.
  expect(rounded('down', 'y')).toEqual([100, 308, 204]);
  expect(arrange(graph, ['a'], 'left', sizes)).toBe(graph);
});
