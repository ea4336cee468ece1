import type { Graph, GraphEdge, GraphNode } from '@switchyard/shared/graph/graph.ts';

const LANES = 11;
const LENGTH = 18;
/** So many lanes are at work at a time; the others go on where one of them ends. */
const STREAMS = 3;
/** Input, output, and what is between: 200 nodes. */
export const NODE_COUNT = LANES * LENGTH + 2;

/** The one to drag, in the middle of the drawing. */
export const DRAGGED = keyAt(Math.floor(LANES / 2), Math.floor(LENGTH / 2));

const node = (type: string, key: string, position: { x: number; y: number }, params: Record<string, unknown>): GraphNode => ({
  id: key,
  type,
  position,
  data: { key, title: key.replaceAll('_', ' '), typeVersion: 1, params },
});
const wire = (source: string, target: string): GraphEdge => ({ id: `${source}-${target}`, source, target, sourceHandle: 'out', targetHandle: 'in' });

/** 200 nodes: lanes of prompts, three of which stream an answer at a time. */
export function largeWorkflow(): Graph {
  const middle = ((LANES - 1) / 2) * 150;
  const nodes = [node('input', 'start', { x: -300, y: middle }, { schema: { type: 'object', properties: { message: { type: 'string' } } } })];
  const edges: GraphEdge[] = [];
  for (let lane = 0; lane < LANES; lane++) {
    for (let place = 0; place < LENGTH; place++) {
      nodes.push(node('prompt', keyAt(lane, place), { x: place * 300, y: lane * 150 }, { route: 'fast', message: 'Answer this message: {{ input.message }}' }));
      edges.push(wire(place === 0 ? beforeLane(lane) : keyAt(lane, place - 1), keyAt(lane, place)));
    }
    edges.push(wire(keyAt(lane, LENGTH - 1), 'answer'));
  }
  nodes.push(node('output', 'answer', { x: LENGTH * 300, y: middle }, { value: '{{ input.message }}' }));
  return { nodes, edges, vars: {} };
}

const beforeLane = (lane: number): string => (lane < STREAMS ? 'start' : keyAt(lane - STREAMS, LENGTH - 1));

function keyAt(lane: number, place: number): string {
  return `write_${lane}_${place}`;
}
