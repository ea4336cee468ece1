import { ERROR_PORT, type Graph, type GraphEdge, type GraphNode, IN, outPort } from '../graph/graph.ts';
import type { NodeCatalog } from '../graph/node-kind.ts';

const MAX_NOTES = 50;

export interface Repaired {
  readonly graph: Graph;
  /** What was changed or needs a look, one sentence each, at most 50. Empty for a sound graph, which is returned unchanged. */
  readonly notes: readonly string[];
}

/**
 * Repairs what no canvas can show: nodes or edges that share an ID, edges to missing nodes, and parents that are missing or form a cycle.
 * An edge at an unknown port is kept, since the canvas shows it with its problem, but it is noted.
 */
export function repairGraph(graph: Graph, catalog: NodeCatalog): Repaired {
  const notes: string[] = [];
  const nodes = withSoundParents(withOwnNodeIds(graph.nodes, notes), notes);
  const edges = withOwnEdgeIds(attachedEdges(graph.edges, nodes, notes), notes);
  noteUnknownPorts(edges, nodes, catalog, notes);
  if (notes.length === 0) return { graph, notes };
  const hidden = notes.length - MAX_NOTES;
  return { graph: { ...graph, nodes, edges }, notes: hidden > 0 ? [...notes.slice(0, MAX_NOTES - 1), `And ${hidden + 1} more repairs.`] : notes };
}

/** Gives IDs that no other item has. */
function freshIds(taken: Iterable<string>): (id: string) => string {
  const used = new Set(taken);
  const numbers = new Map<string, number>();
  return (id) => {
    const stem = id.slice(0, 180);
    let number = numbers.get(stem) ?? 2;
    while (used.has(`${stem}-${number}`)) number++;
    numbers.set(stem, number + 1);
    used.add(`${stem}-${number}`);
    return `${stem}-${number}`;
  };
}

function withOwnNodeIds(nodes: readonly GraphNode[], notes: string[]): GraphNode[] {
  const fresh = freshIds(nodes.map(({ id }) => id));
  const seen = new Map<string, string>();
  return nodes.map((node) => {
    const first = seen.get(node.id);
    if (first === undefined) {
      seen.set(node.id, node.data.title);
      return node;
    }
    const id = fresh(node.id);
    notes.push(`“${first}” and “${node.data.title}” had the same ID, “${node.id}”. The second one is now “${id}”, without edges. Connect it again.`);
    return { ...node, id };
  });
}

function withSoundParents(nodes: readonly GraphNode[], notes: string[]): GraphNode[] {
  const parentOf = new Map(nodes.flatMap(({ id, parentId }) => (parentId === undefined ? [] : [[id, parentId] as const])));
  const ids = new Set(nodes.map(({ id }) => id));
  const sound = new Set(nodes.filter(({ parentId }) => parentId === undefined).map(({ id }) => id));
  return nodes.map((node) => {
    const path = new Set<string>();
    let at: string | undefined = node.id;
    while (at !== undefined && !sound.has(at) && ids.has(at) && !path.has(at)) {
      path.add(at);
      at = parentOf.get(at);
    }
    if (at !== undefined && sound.has(at)) {
      for (const id of path) sound.add(id);
      return node;
    }
    const { parentId, ...rest } = node;
    parentOf.delete(node.id);
    sound.add(node.id);
    notes.push(
      `“${node.data.title}” was inside “${parentId}”, which ${ids.has(parentId ?? '') ? 'is inside it in turn' : 'doesn’t exist'}. It is now at the top level.`,
    );
    return rest;
  });
}

function attachedEdges(edges: readonly GraphEdge[], nodes: readonly GraphNode[], notes: string[]): GraphEdge[] {
  const titles = new Map(nodes.map(({ id, data }) => [id, data.title]));
  return edges.filter(({ id, source, target }) => {
    const missing = [source, target].filter((end) => !titles.has(end));
    if (missing.length === 0) return true;
    const from = titles.get(source) ?? source;
    const to = titles.get(target) ?? target;
    notes.push(`Edge “${id}” from “${from}” to “${to}” was removed: node “${missing.join('” and “')}” doesn’t exist.`);
    return false;
  });
}

const sameEnds = (edge: GraphEdge): string => JSON.stringify([edge.source, outPort(edge), edge.target, edge.targetHandle ?? IN]);

function withOwnEdgeIds(edges: readonly GraphEdge[], notes: string[]): GraphEdge[] {
  const fresh = freshIds(edges.map(({ id }) => id));
  const seen = new Map<string, Set<string>>();
  return edges.flatMap((edge) => {
    const ends = seen.get(edge.id);
    if (!ends) {
      seen.set(edge.id, new Set([sameEnds(edge)]));
      return [edge];
    }
    if (ends.has(sameEnds(edge))) {
      notes.push(`Edge “${edge.id}” appeared twice. One was removed.`);
      return [];
    }
    ends.add(sameEnds(edge));
    const id = fresh(edge.id);
    notes.push(`Two edges had the ID “${edge.id}”. The second one is now “${id}”.`);
    return [{ ...edge, id }];
  });
}

function noteUnknownPorts(edges: readonly GraphEdge[], nodes: readonly GraphNode[], catalog: NodeCatalog, notes: string[]): void {
  const ports = new Map(nodes.map((node) => [node.id, portsOf(node, catalog)]));
  const titles = new Map(nodes.map(({ id, data }) => [id, data.title]));
  for (const edge of edges) {
    const [from, to] = [ports.get(edge.source), ports.get(edge.target)];
    const input = edge.targetHandle ?? IN;
    const unknown = from && !from.outputs.has(outPort(edge)) ? outPort(edge) : to && !to.inputs.has(input) ? input : undefined;
    if (unknown === undefined) continue;
    notes.push(
      `The edge from “${titles.get(edge.source)}” to “${titles.get(edge.target)}” uses port “${unknown}”, which doesn’t exist. Connect it to another port, or delete it.`,
    );
  }
}

/** The ports of a node; undefined if its type or version is unknown here. */
function portsOf({ type, data }: GraphNode, catalog: NodeCatalog): { inputs: Set<string>; outputs: Set<string> } | undefined {
  const kind = catalog(type);
  if (!kind || data.typeVersion > kind.version) return undefined;
  const { inputs, outputs } = kind.ports(kind.migrate && data.typeVersion < kind.version ? kind.migrate(data.params, data.typeVersion) : data.params);
  return { inputs: new Set(inputs.map(({ id }) => id)), outputs: new Set([...outputs.map(({ id }) => id), ERROR_PORT]) };
}
