import { isPlainObject } from '../json.ts';
import { sameJson } from '../same-json.ts';
import { type Graph, type GraphEdge, type GraphNode, IN, outPort } from './graph.ts';

/*
 * The difference between two graphs. Owns how their parts correspond: nodes by ID, or else by key and type, because an import gives new IDs;
 * edges by their ends, whatever their IDs. Bounded: at most MOST_FIELDS fields, compared down to DEEPEST levels; below, whole values.
 */

/** A field that differs. A missing value is undefined. */
export interface FieldDifference {
  readonly path: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

/** `moved`: only its position or size differs. A removed node has no `after`, an added one no `before`. */
export interface NodeDifference {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  readonly before: GraphNode | undefined;
  readonly after: GraphNode | undefined;
  /** Empty unless the node is changed. */
  readonly fields: readonly FieldDifference[];
}

export interface EdgeDifference {
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before: GraphEdge | undefined;
  readonly after: GraphEdge | undefined;
  readonly fields: readonly FieldDifference[];
}

export interface GraphDiff {
  /** In the order of the later graph, removed ones last. */
  readonly nodes: readonly NodeDifference[];
  readonly edges: readonly EdgeDifference[];
  readonly vars: readonly FieldDifference[];
  /** At most one: the whole module. */
  readonly helpers: readonly FieldDifference[];
  /** More fields differ than are listed. */
  readonly truncated: boolean;
  /** IDs of nodes of the earlier graph, by the ID they have in the later one. */
  readonly earlierIds: ReadonlyMap<string, string>;
}

const MOST_FIELDS = 1_000;
const DEEPEST = 20;

/** What changed from `before` to `after`. Order of keys, nodes, and edges doesn’t count. */
export function diffGraphs(before: Graph, after: Graph): GraphDiff {
  const fields = new FieldList();
  const pairs = pairNodes(before, after);
  const earlierIds = new Map([...pairs].map(([later, node]) => [later, node.id]));
  const kept = new Set(earlierIds.values());
  const nodes = [
    ...after.nodes.flatMap((node) => nodeDifference(pairs.get(node.id), node, fields)),
    ...before.nodes.flatMap((node) => (kept.has(node.id) ? [] : nodeDifference(node, undefined, fields))),
  ];
  const edges = edgeDifferences(before, after, earlierIds, fields);
  const vars = fields.between(before.vars ?? {}, after.vars ?? {});
  const helpers = fields.between({ helpers: before.helpers }, { helpers: after.helpers });
  return { nodes, edges, vars, helpers, truncated: fields.truncated, earlierIds };
}

/** Whether nothing differs, not even a position. */
export const isSameGraph = ({ nodes, edges, vars, helpers }: GraphDiff): boolean => nodes.length + edges.length + vars.length + helpers.length === 0;

/** The earlier node of each later one, by the later ID. */
function pairNodes(before: Graph, after: Graph): ReadonlyMap<string, GraphNode> {
  const byId = new Map(before.nodes.map((node) => [node.id, node]));
  const pairs = new Map<string, GraphNode>();
  for (const { id } of after.nodes) {
    const known = byId.get(id);
    if (known) pairs.set(id, known);
  }
  const taken = new Set([...pairs.values()].map(({ id }) => id));
  const byKey = new Map(before.nodes.filter(({ id }) => !taken.has(id)).map((node) => [nameOf(node), node]));
  for (const node of after.nodes) {
    const known = pairs.has(node.id) ? undefined : byKey.get(nameOf(node));
    if (!known) continue;
    pairs.set(node.id, known);
    byKey.delete(nameOf(node));
  }
  return pairs;
}

const nameOf = ({ type, data }: GraphNode): string => JSON.stringify([type, data.key]);

function nodeDifference(before: GraphNode | undefined, after: GraphNode | undefined, fields: FieldList): NodeDifference[] {
  if (!before || !after) return [{ kind: before ? 'removed' : 'added', before, after, fields: [] }];
  const differing = fields.between({ type: before.type, ...before.data }, { type: after.type, ...after.data });
  if (differing.length > 0) return [{ kind: 'changed', before, after, fields: differing }];
  return sameJson(placeOf(before), placeOf(after)) ? [] : [{ kind: 'moved', before, after, fields: [] }];
}

const placeOf = ({ position, width, height, parentId }: GraphNode) => ({ position, width, height, parentId });

function edgeDifferences(before: Graph, after: Graph, earlierIds: ReadonlyMap<string, string>, fields: FieldList): EdgeDifference[] {
  const left = Map.groupBy(before.edges, (edge) => endsOf(edge));
  const later = after.edges.flatMap((edge): EdgeDifference[] => {
    const known = left.get(endsOf(edge, earlierIds))?.shift();
    if (!known) return [{ kind: 'added', before: undefined, after: edge, fields: [] }];
    const differing = fields.between(known.data ?? {}, edge.data ?? {});
    return differing.length > 0 ? [{ kind: 'changed', before: known, after: edge, fields: differing }] : [];
  });
  const removed = [...left.values()].flat().map((edge): EdgeDifference => ({ kind: 'removed', before: edge, after: undefined, fields: [] }));
  return [...later, ...removed];
}

const endsOf = (edge: GraphEdge, ids?: ReadonlyMap<string, string>): string =>
  JSON.stringify([ids?.get(edge.source) ?? edge.source, outPort(edge), ids?.get(edge.target) ?? edge.target, edge.targetHandle ?? IN]);

/** Collects differing fields, up to the limit. */
class FieldList {
  #count = 0;
  truncated = false;

  /** The fields in which two objects differ. At least one if they do, even at the limit. */
  between(before: object, after: object): FieldDifference[] {
    const found: FieldDifference[] = [];
    this.#compare(before, after, [], found);
    return found;
  }

  #compare(before: unknown, after: unknown, path: readonly string[], found: FieldDifference[]): void {
    if (sameJson(before, after)) return;
    const [old, now] = path.length < DEEPEST ? [childrenOf(before), childrenOf(after)] : [];
    if (old && now && Array.isArray(before) === Array.isArray(after)) {
      for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) this.#compare(old[name], now[name], [...path, name], found);
    } else if (this.#count < MOST_FIELDS || found.length === 0) {
      this.#count++;
      found.push({ path, before, after });
    } else this.truncated = true;
  }
}

const childrenOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  isPlainObject(value) ? value : Array.isArray(value) ? { ...value } : undefined;
