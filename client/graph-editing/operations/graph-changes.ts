import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { sameJson } from './same-graph.ts';

/** A node that differs between two graphs. */
export interface NodeChange {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  readonly id: string;
  readonly title: string;
  /** What differs in a changed node, by setting. */
  readonly settings: readonly SettingChange[];
}

/** A setting that differs, with both values as text. */
export interface SettingChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}
export interface GraphChanges {
  readonly nodes: readonly NodeChange[];
  readonly edgesAdded: number;
  readonly edgesRemoved: number;
}

/** What changed from `before` to `after`. */
export function graphChanges(before: Graph, after: Graph): GraphChanges {
  const old = new Map(before.nodes.map((node) => [node.id, node]));
  const now = new Map(after.nodes.map((node) => [node.id, node]));
  const nodes = after.nodes.flatMap((node): NodeChange[] => {
    const known = old.get(node.id);
    const kind = changeOf(known, node);
    const settings = kind === 'changed' && known ? changedSettings(known.data, node.data) : [];
    return kind ? [{ kind, id: node.id, title: node.data.title, settings }] : [];
  });
  const removed = before.nodes
    .filter((node) => !now.has(node.id))
    .map((node): NodeChange => ({ kind: 'removed', id: node.id, title: node.data.title, settings: [] }));
  const edgesBefore = new Set(before.edges.map((edge) => edge.id));
  const edgesAfter = new Set(after.edges.map((edge) => edge.id));
  return {
    nodes: [...nodes, ...removed],
    edgesAdded: [...edgesAfter].filter((id) => !edgesBefore.has(id)).length,
    edgesRemoved: [...edgesBefore].filter((id) => !edgesAfter.has(id)).length,
  };
}

function changeOf(before: GraphNode | undefined, after: GraphNode): NodeChange['kind'] | undefined {
  if (!before) return 'added';
  if (before.type !== after.type || !sameJson(before.data, after.data)) return 'changed';
  return sameJson(before.position, after.position) ? undefined : 'moved';
}

function changedSettings(before: unknown, after: unknown, path: readonly string[] = []): SettingChange[] {
  if (sameJson(before, after)) return [];
  const [old, now] = [childrenOf(before), childrenOf(after)];
  if (!old || !now) return [{ path: path.filter((name) => name !== 'params').join('.'), before: asText(before), after: asText(after) }];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((name) => changedSettings(old[name], now[name], [...path, name]));
}

const childrenOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  isPlainObject(value) ? value : Array.isArray(value) ? { ...value } : undefined;

const asText = (value: unknown): string => (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value));
