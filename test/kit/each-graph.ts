import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { edge, graphOf, node } from './graph.ts';

/** A node inside a for-each node. */
export const inside = (container: string, made: GraphNode): GraphNode => ({ ...made, parentId: container });

export const transform = (key: string, fields: Readonly<Record<string, string>>): GraphNode =>
  node('transform', key, { fields: Object.entries(fields).map(([name, value]) => ({ name, value })) });

/** Runs these nodes for each item of `input.items`. The output is that of the for-each node. */
export const eachGraph = (params: Record<string, unknown>, inner: readonly GraphNode[], edges: readonly (readonly [string, string])[] = []): Graph =>
  graphOf(
    [
      node('input', 'start', { schema: {} }),
      node('for-each', 'each', { items: '{{ input.items }}', ...params }),
      ...inner.map((made) => (made.parentId === undefined ? inside('each', made) : made)),
      node('output', 'reply', { value: '{{ steps.each }}' }),
    ],
    [edge('start', 'each'), edge('each', 'reply'), ...edges.map(([from, to]) => edge(from, to))],
  );
