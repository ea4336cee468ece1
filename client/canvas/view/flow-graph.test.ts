import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { type Drawing, FlowGraph, flowOrder, neighbor } from './flow-graph.ts';

const node = (id: string, y = 0, type = 'prompt'): GraphNode => ({
  id,
  type,
  position: { x: 0, y },
  data: { key: `key_${id}`, title: id, typeVersion: 1, params: {} },
});
const edge = (source: string, target: string, back = false) => ({ id: `${source}-${target}`, source, target, ...(back && { data: { back } }) });
/** a → b, c → d, with a loop edge from d to a, and a note. */
const graph: Graph = {
  nodes: [node('note', 0, 'note'), node('d'), node('c', 200), node('b', 100), node('a')],
  edges: [edge('a', 'b'), edge('a', 'c'), edge('b', 'd'), edge('c', 'd'), edge('d', 'a', true)],
};
const nothing = { nodes: [], edges: [] };
const bare = { selection: nothing, problems: [], views: new Map(), found: null };
const facts = {
  drawingOf: (type: string): Drawing => (type === 'note' ? 'note' : 'step'),
  portLabel: (_: GraphNode, port: string) => (port === 'yes' ? 'Yes, please' : undefined),
};

test('Tab order follows the flow, with unconnected nodes last', () => {
  const order = flowOrder(graph);
  expect(order[0]).toBe('a');
  expect(order.indexOf('d')).toBe(3);
  expect(order[4]).toBe('note');
  expect(new FlowGraph(facts).nodes({ ...bare, graph }).map(({ id }) => id)).toEqual(order);
});

test('Arrow keys follow edges and move between parallel nodes', () => {
  expect(neighbor(graph, 'a', 'ArrowRight')).toBe('b');
  expect(neighbor(graph, 'd', 'ArrowLeft')).toBe('b');
  expect(neighbor(graph, 'b', 'ArrowDown')).toBe('c');
  expect(neighbor(graph, 'c', 'ArrowUp')).toBe('b');
  expect(neighbor(graph, 'd', 'ArrowRight')).toBeUndefined();
});

test('Unchanged nodes and edges keep their identity', () => {
  const flow = new FlowGraph(facts);
  const before = flow.nodes({ ...bare, graph });
  const edgesBefore = flow.edges(graph, nothing);
  const moved: Graph = { ...graph, nodes: graph.nodes.map((item) => (item.id === 'b' ? { ...item, position: { x: 9, y: 9 } } : item)) };
  const after = flow.nodes({ ...bare, graph: moved, selection: { nodes: ['c'], edges: [] } });
  expect(after.filter((item) => !before.includes(item)).map(({ id }) => id)).toEqual(['b', 'c']);
  expect(flow.edges(moved, nothing)).toEqual(edgesBefore);
  expect(flow.edges(moved, nothing).every((item) => edgesBefore.includes(item))).toBe(true);
});

test('Problems reach only their own node', () => {
  const flow = new FlowGraph(facts);
  const problem = { nodeId: 'b', severity: 'error', code: 'bad-params', message: 'Choose a route' } as const;
  const before = flow.nodes({ ...bare, graph });
  const after = flow.nodes({ ...bare, graph, problems: [problem] });
  expect(after.filter((item) => !before.includes(item)).map(({ id, data }) => [id, data.problems])).toEqual([['b', [problem]]]);
  expect(flow.nodes({ ...bare, graph, problems: [problem] }).every((item) => after.includes(item))).toBe(true);
});

test('Drags in progress and measured sizes are rendered but not part of the graph', () => {
  const drawn = new FlowGraph(facts).nodes({
    ...bare,
    graph,
    views: new Map([['a', { position: { x: 5, y: 6 }, dragging: true, measured: { width: 200, height: 66 } }]]),
  });
  expect(drawn[0]).toMatchObject({ id: 'a', position: { x: 5, y: 6 }, dragging: true, measured: { width: 200, height: 66 } });
});

test('An edge to a missing node is not rendered', () => {
  expect(new FlowGraph(facts).edges({ ...graph, edges: [...graph.edges, edge('a', 'gone')] }, nothing)).toHaveLength(5);
});

test('A screen reader learns which nodes an edge connects, and by which branch', () => {
  const [plain] = new FlowGraph(facts).edges(graph, nothing);
  expect(plain?.ariaLabel).toBe('From a, to b');
  const [branch] = new FlowGraph(facts).edges({ ...graph, edges: [{ ...edge('a', 'b'), sourceHandle: 'yes' }] }, nothing);
  expect(branch?.ariaLabel).toBe('From a, branch Yes, please, to b');
});

test('Nodes receive the ports that edges use', () => {
  const drawn = new FlowGraph(facts).nodes({ ...bare, graph: { ...graph, edges: [{ ...edge('a', 'b'), sourceHandle: 'gone' }] } });
  expect(drawn.find(({ id }) => id === 'a')?.data.used).toEqual({ inputs: '', outputs: 'gone' });
  expect(drawn.find(({ id }) => id === 'b')?.data.used).toEqual({ inputs: 'in', outputs: '' });
});
