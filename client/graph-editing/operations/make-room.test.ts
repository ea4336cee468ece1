import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { addNode } from './add-node.ts';

const node = (id: string, type: string, x: number, y = 0): GraphNode => ({
  id,
  type,
  position: { x, y },
  data: { key: id, title: id, typeVersion: 1, params: {} },
});
const edge = (source: string, target: string) => ({ id: `${source}-${target}`, source, target, sourceHandle: 'out', targetHandle: 'in' });
const start: Graph = { nodes: [node('start', 'input', 0), node('reply', 'output', 264)], edges: [edge('start', 'reply')] };

function insert(graph: Graph, edgeId: string, at: { x: number; y: number }, type = 'prompt'): Graph {
  const definition = definitionOf(type);
  if (!definition) throw new Error(`The catalog has no ${type}.`);
  return addNode(graph, definition, at, definitionOf, { onEdge: edgeId }).graph;
}

/** Pairs of cards that overlap. */
const covered = ({ nodes }: Graph): string[] =>
  nodes.flatMap((a, index) =>
    nodes.slice(index + 1).flatMap((b) => {
      const apart = Math.abs(a.position.x - b.position.x) >= 200 || Math.abs(a.position.y - b.position.y) >= 66;
      return apart ? [] : [`${a.id} ${b.id}`];
    }),
  );

test('Nodes inserted repeatedly into one edge stay apart, in a row', () => {
  let graph = start;
  for (let times = 0; times < 5; times++) {
    const first = graph.edges.find(({ source }) => source === 'start');
    graph = insert(graph, first?.id ?? '', { x: 132, y: 0 });
    expect(covered(graph)).toEqual([]);
  }
  expect(new Set(graph.nodes.map(({ position }) => position.y))).toEqual(new Set([0]));
  expect(Math.max(...graph.nodes.map(({ position }) => position.x))).toBe(6 * 264);
});

test('The last edge of a row makes room too', () => {
  let graph = start;
  for (let times = 0; times < 3; times++) {
    const last = graph.edges.find(({ target }) => target === 'reply');
    const at = (graph.nodes.find(({ id }) => id === last?.source)?.position.x ?? 0) + 132;
    graph = insert(graph, last?.id ?? '', { x: at, y: 0 });
    expect(covered(graph)).toEqual([]);
  }
});

test('A branch that moves right pushes what it would cover', () => {
  const graph: Graph = { nodes: [...start.nodes, node('aside', 'prompt', 560)], edges: start.edges };
  const roomy = insert(graph, 'start-reply', { x: 132, y: 0 });
  expect(covered(roomy)).toEqual([]);
});

test('A node dropped beside the row stays where it was dropped', () => {
  const graph = insert(start, 'start-reply', { x: 132, y: 200 });
  expect(graph.nodes.at(-1)?.position).toEqual({ x: 132, y: 200 });
});

test('A for-each inserted into an edge pushes what follows by its own width', () => {
  const { nodes } = insert(start, 'start-reply', { x: 132, y: 0 }, 'for-each');
  expect(nodes.map(({ id, type, position }) => [type === 'for-each' ? type : id, position.x])).toEqual([
    ['start', 0],
    ['reply', 264 + 560 + 64],
    ['for-each', 264],
  ]);
});

test('A node added at a port goes below what is already there', () => {
  const definition = definitionOf('prompt');
  if (!definition) throw new Error('The catalog has no prompt.');
  const { graph } = addNode(start, definition, { x: 264, y: 23 }, definitionOf, { fromPort: { nodeId: 'start', handle: 'out', side: 'source' } });
  expect(covered(graph)).toEqual([]);
});

test('A node added below a review stays clear of it while it waits', () => {
  const [review, prompt] = ['human-review', 'prompt'].map((type) => definitionOf(type));
  if (!review || !prompt) throw new Error('The catalog has no such type.');
  const from = { fromPort: { nodeId: 'start', handle: 'out', side: 'source' as const } };
  const first = addNode(start, review, { x: 900, y: 300 }, definitionOf, from);
  const height = 66 + 3 * 24;
  const { graph, id } = addNode(first.graph, prompt, { x: 900, y: 300 + height + 10 }, definitionOf, from);
  expect(graph.nodes.find((node) => node.id === id)?.position.y).toBeGreaterThanOrEqual(300 + height + 52);
});
