import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';
import type { EditorTools } from './editor-tools.ts';
import { findNode } from './operations/node-names.ts';

/*
 * How the graph differs from the one a run ran on. Nodes are matched by ID. A renamed node is the same node, and expressions that only
 * follow its new key count as unchanged.
 */

/** IDs of nodes changed or added since a run, or undefined if the graph would run the same. Positions, sizes, titles, notes, and groups don’t count. */
export function changedSince(ran: Graph, now: Graph, tools: Pick<EditorTools, 'renameKey' | 'definitions'>): readonly string[] | undefined {
  if (ran === now) return undefined;
  const before = underKeysOf(now, ran, tools);
  const ranNodes = (graph: Graph) => graph.nodes.filter(({ type }) => tools.definitions(type)?.role !== 'note');
  const known = new Map(before.nodes.map((node) => [node.id, node.data]));
  const changed = ranNodes(now).filter((node) => {
    const data = known.get(node.id);
    return data === undefined || (data !== node.data && !sameJson({ ...data, title: '' }, { ...node.data, title: '' }));
  });
  const sameRest = sameJson([before.edges, before.vars, before.helpers], [now.edges, now.vars, now.helpers]);
  const same = changed.length === 0 && ranNodes(before).length === ranNodes(now).length && sameRest;
  return same ? undefined : changed.map((node) => node.id);
}

/** A graph with its keys replaced by those that its nodes have in another graph. */
function underKeysOf(now: Graph, ran: Graph, { renameKey, definitions }: Pick<EditorTools, 'renameKey' | 'definitions'>): Graph {
  return now.nodes.reduce((graph, { id, data }) => {
    const old = findNode(graph, id)?.data.key;
    return old === undefined || old === data.key ? graph : renameKey(graph, definitions, id, data.key);
  }, ran);
}

const idsByKey = new WeakMap<Graph, ReadonlyMap<string, string>>();
const keysById = new WeakMap<Graph, ReadonlyMap<string, string>>();

function mapOf(known: WeakMap<Graph, ReadonlyMap<string, string>>, graph: Graph, entry: (node: Graph['nodes'][number]) => [string, string]) {
  const map = known.get(graph) ?? new Map(graph.nodes.map(entry));
  known.set(graph, map);
  return map;
}

/** The key by which a run knows the node that now has `key`. Undefined if the run has no such node. */
export function ranKeyOf(ran: Graph | null, now: Graph, key: string): string | undefined {
  if (ran === null || ran === now) return key;
  const id = mapOf(idsByKey, now, (node) => [node.data.key, node.id]).get(key);
  return id === undefined ? undefined : mapOf(keysById, ran, (node) => [node.id, node.data.key]).get(id);
}
