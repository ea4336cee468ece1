import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { sameJson } from './same-graph.ts';

/** One node that differs between two graphs. */
export interface NodeChange {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  readonly id: string;
  readonly title: string;
}
export interface GraphChanges {
  readonly nodes: readonly NodeChange[];
  readonly wiresAdded: number;
  readonly wiresRemoved: number;
}

/** What somebody did who made `after` of `before`. */
export function graphChanges(before: Graph, after: Graph): GraphChanges {
  const old = new Map(before.nodes.map((node) => [node.id, node]));
  const now = new Map(after.nodes.map((node) => [node.id, node]));
  const nodes = after.nodes.flatMap((node): NodeChange[] => {
    const kind = changeOf(old.get(node.id), node);
    return kind ? [{ kind, id: node.id, title: node.data.title }] : [];
  });
  const removed = before.nodes.filter((node) => !now.has(node.id)).map((node): NodeChange => ({ kind: 'removed', id: node.id, title: node.data.title }));
  const wiresBefore = new Set(before.edges.map((edge) => edge.id));
  const wiresAfter = new Set(after.edges.map((edge) => edge.id));
  return {
    nodes: [...nodes, ...removed],
    wiresAdded: [...wiresAfter].filter((id) => !wiresBefore.has(id)).length,
    wiresRemoved: [...wiresBefore].filter((id) => !wiresAfter.has(id)).length,
  };
}

function changeOf(before: GraphNode | undefined, after: GraphNode): NodeChange['kind'] | undefined {
  if (!before) return 'added';
  if (before.type !== after.type || !sameJson(before.data, after.data)) return 'changed';
  return sameJson(before.position, after.position) ? undefined : 'moved';
}
