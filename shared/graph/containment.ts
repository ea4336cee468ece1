import type { Graph, GraphNode } from './graph.ts';

/** How deep containers may nest (S33). */
export const MOST_LEVELS = 5;

/** Which container each node is in. Parents that aren’t containers, such as groups, are looked through. */
export interface Containment {
  /** The innermost container around a node. Undefined at the top level. */
  containerOf(id: string): string | undefined;
  /** The containers around a node, from the inside out, at most one more than may nest. */
  around(id: string): readonly string[];
}

/** Accepts any graph: parents that are missing or in a cycle count as none. */
export function containmentOf({ nodes }: Pick<Graph, 'nodes'>, isContainer: (node: GraphNode) => boolean): Containment {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const known = new Map<string, string | undefined>();
  const containerOf = (id: string): string | undefined => {
    if (!known.has(id)) known.set(id, search(byId, id, isContainer));
    return known.get(id);
  };
  return {
    containerOf,
    around: (id) => {
      const found: string[] = [];
      for (let at = containerOf(id); at !== undefined && found.length <= MOST_LEVELS; at = containerOf(at)) found.push(at);
      return found;
    },
  };
}

function search(byId: ReadonlyMap<string, GraphNode>, id: string, isContainer: (node: GraphNode) => boolean): string | undefined {
  const seen = new Set([id]);
  for (let parent = byId.get(id)?.parentId; parent !== undefined && !seen.has(parent); parent = byId.get(parent)?.parentId) {
    seen.add(parent);
    const node = byId.get(parent);
    if (node && isContainer(node)) return parent;
  }
  return undefined;
}
