import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';

const ROW = 40;

/** The node whose message is typed into. */
export const FIELD = 'write_1';

/** Prompts in sequence, arranged in rows. */
export function longWorkflow(count: number): Graph {
  const nodes = Array.from({ length: count }, (_, index): GraphNode => {
    const first = index === 0;
    const key = first ? 'start' : `write_${index}`;
    const params = first
      ? { schema: { type: 'object', properties: { message: { type: 'string' } } } }
      : { route: 'fast', message: 'Answer this message: {{ input.message }}' };
    const position = { x: (index % ROW) * 300, y: Math.floor(index / ROW) * 190 };
    return { id: key, type: first ? 'input' : 'prompt', position, data: { key, title: key.replaceAll('_', ' '), typeVersion: 1, params } };
  });
  const ids = nodes.map(({ id }) => id);
  const edges = ids.slice(1).map((target, index) => ({ id: `wire_${target}`, source: ids[index] ?? '', target, sourceHandle: 'out', targetHandle: 'in' }));
  return { nodes, edges, vars: {} };
}
