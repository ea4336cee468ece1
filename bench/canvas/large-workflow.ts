import type { Graph, GraphEdge, GraphNode } from '@switchyard/shared/graph/graph.ts';

/** As many responses stream at a time as there are lanes: three, like a draft written for three channels in parallel. */
const LANES = 3;
const LENGTH = 66;
/** Input, output, and everything between: 200 nodes. */
export const NODE_COUNT = LANES * LENGTH + 2;

/**
 * A lane is folded into rows, so the whole drawing has about the shape of the screen. The first rows of all lanes are next to each other.
 */
const ROW_LENGTH = 22;
const ROWS = LENGTH / ROW_LENGTH;
const COLUMN_WIDTH = 300;
const ROW_HEIGHT = 190;

/** The dragged node, next to those that stream in the run's first seconds. */
export const DRAGGED = keyAt(2, 3);

export const FIRST = 'start';
export const LAST = 'answer';

const node = (type: string, key: string, position: { x: number; y: number }, params: Record<string, unknown>): GraphNode => ({
  id: key,
  type,
  position,
  data: { key, title: key.replaceAll('_', ' '), typeVersion: 1, params },
});
const edge = (source: string, target: string): GraphEdge => ({ id: `${source}-${target}`, source, target, sourceHandle: 'out', targetHandle: 'in' });

/** 200 nodes: parallel lanes of prompts, with one prompt of each lane running at a time. */
export function largeWorkflow(): Graph {
  const middle = ((LANES * ROWS - 1) / 2) * ROW_HEIGHT;
  const nodes = [node('input', FIRST, { x: -COLUMN_WIDTH, y: middle }, { schema: { type: 'object', properties: { message: { type: 'string' } } } })];
  const edges: GraphEdge[] = [];
  for (let lane = 0; lane < LANES; lane++) {
    for (let place = 0; place < LENGTH; place++) {
      nodes.push(node('prompt', keyAt(lane, place), placeAt(lane, place), { route: 'fast', message: 'Answer this message: {{ input.message }}' }));
      edges.push(edge(place === 0 ? FIRST : keyAt(lane, place - 1), keyAt(lane, place)));
    }
    edges.push(edge(keyAt(lane, LENGTH - 1), LAST));
  }
  nodes.push(node('output', LAST, { x: ROW_LENGTH * COLUMN_WIDTH, y: middle }, { value: '{{ input.message }}' }));
  return { nodes, edges, vars: {} };
}

function placeAt(lane: number, place: number): { x: number; y: number } {
  const row = Math.floor(place / ROW_LENGTH) * LANES + lane;
  return { x: (place % ROW_LENGTH) * COLUMN_WIDTH, y: row * ROW_HEIGHT };
}

function keyAt(lane: number, place: number): string {
  return `write_${lane}_${place}`;
}
