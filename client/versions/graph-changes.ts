import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { hintsOf } from '@switchyard/nodes/sdk/field.ts';
import { type Graph, type GraphEdge, type GraphNode, outPort } from '@switchyard/shared/graph/graph.ts';
import { diffGraphs, type EdgeDifference, type FieldDifference, type GraphDiff, type NodeDifference } from '@switchyard/shared/graph/graph-diff.ts';
import { portsOf } from '../graph-editing/operations/ports.ts';
import type { GraphMark } from '../open-workflow/graph-marks.ts';

/*
 * A comparison of two graphs as the page shows it: one graph with the parts of both, marks for what differs, and a list of changes.
 */

/** A line of the list: one field, or a whole node or edge. */
export interface ChangeLine {
  readonly field: string;
  /** Undefined if there is none on this side. */
  readonly before: unknown;
  readonly after: unknown;
}

/** A node, an edge, the variables, or the helpers. */
export interface Change {
  readonly id: string;
  readonly of: 'node' | 'edge' | 'vars' | 'helpers';
  readonly kind: GraphMark['kind'];
  readonly title: string;
  readonly lines: readonly ChangeLine[];
}

export interface Comparison {
  /** The later graph, with the removed nodes and edges of the earlier one. */
  readonly graph: Graph;
  readonly marks: ReadonlyMap<string, GraphMark>;
  readonly changes: readonly Change[];
  readonly truncated: boolean;
}

const WORDS = { added: 'Added', removed: 'Removed', changed: 'Changed', moved: 'Moved' } as const;

/** Compares two graphs for display. */
export function compareGraphs(before: Graph, after: Graph): Comparison {
  const diff = diffGraphs(before, after);
  const drawn = drawBoth(after, diff);
  const nodes = diff.nodes.map(nodeChange);
  const edges = diff.edges.map((edge, index) => edgeChange(edge, drawn.edgeIds[index] ?? '', drawn.graph));
  const vars: Change[] =
    diff.vars.length === 0
      ? []
      : [{ id: 'vars', of: 'vars', kind: 'changed', title: 'Variables', lines: diff.vars.map((field) => line(field, field.path.join('.'))) }];
  const helpers = diff.helpers.map((field): Change => ({ id: 'helpers', of: 'helpers', kind: 'changed', title: 'Helpers', lines: [line(field, 'Code')] }));
  const marked = [...nodes, ...edges].map(({ id, kind, of, lines }): [string, GraphMark] => [
    id,
    { kind, words: kind === 'changed' && of === 'node' ? `${WORDS[kind]} ${lines.length}` : WORDS[kind] },
  ]);
  return { graph: drawn.graph, marks: new Map(marked), changes: [...nodes, ...edges, ...vars, ...helpers], truncated: diff.truncated };
}

/** Removed edges keep their ends, and get IDs of their own: an edge may have kept its ID with other ends. */
function drawBoth(after: Graph, diff: GraphDiff): { graph: Graph; edgeIds: string[] } {
  const laterIds = new Map([...diff.earlierIds].map(([later, earlier]) => [earlier, later]));
  const removed: GraphEdge[] = [];
  const edgeIds = diff.edges.map(({ before, after: now }) => {
    if (now || !before) return now?.id ?? '';
    const edge = {
      ...before,
      id: `removed ${before.id}`,
      source: laterIds.get(before.source) ?? before.source,
      target: laterIds.get(before.target) ?? before.target,
    };
    removed.push(edge);
    return edge.id;
  });
  const gone = diff.nodes.flatMap(({ kind, before }) => (kind === 'removed' && before ? [before] : []));
  return { graph: { ...after, nodes: [...after.nodes, ...gone], edges: [...after.edges, ...removed] }, edgeIds };
}

function nodeChange({ kind, before, after, fields }: NodeDifference): Change {
  const node = after ?? before;
  const lines = {
    added: [{ field: 'Node', before: undefined, after: after && summaryOf(after) }],
    removed: [{ field: 'Node', before: before && summaryOf(before), after: undefined }],
    moved: [{ field: 'Position', before: undefined, after: 'moved' }],
    changed: fields.map((field) => line(field, fieldLabel(node?.type ?? '', field.path))),
  };
  return { id: node?.id ?? '', of: 'node', kind, title: node?.data.title ?? '', lines: lines[kind] };
}

function edgeChange({ kind, before, after, fields }: EdgeDifference, id: string, graph: Graph): Change {
  const edge = graph.edges.find((one) => one.id === id);
  const [source, target] = [graph.nodes.find((node) => node.id === edge?.source), graph.nodes.find((node) => node.id === edge?.target)];
  const port = edge && source && portsOf(source, definitionOf).outputs.find((one) => one.id === outPort(edge))?.label;
  const to = target?.data.title ?? '';
  return {
    id,
    of: 'edge',
    kind,
    title: source?.data.title ?? '',
    lines:
      kind === 'changed'
        ? fields.map((field) => line(field, `Edge to ${to}: ${EDGE_FIELDS[field.path[0] ?? ''] ?? field.path.join('.')}`))
        : [{ field: port ? `Edge from ${port} to` : 'Edge to', before: before && to, after: after && to }],
  };
}

const line = ({ before, after }: FieldDifference, field: string): ChangeLine => ({ field, before, after });

/** What a node is set to do, without the marks of its bold parts. */
const summaryOf = ({ type, data }: GraphNode): string => (definitionOf(type)?.line(data.params) ?? type).replaceAll('**', '');

const EDGE_FIELDS: Readonly<Record<string, string>> = { limit: 'loop limit', back: 'loop edge' };
const DATA_FIELDS: Readonly<Record<string, string>> = {
  title: 'Title',
  key: 'Key',
  policy: 'Error handling',
  note: 'Note',
  disabled: 'Disabled',
  typeVersion: 'Node type version',
  type: 'Node type',
};

/** The label of a field as the inspector shows it, and where in it: “Labels › 2 › description”. */
function fieldLabel(type: string, [first = '', ...rest]: readonly string[]): string {
  if (first !== 'params') return [DATA_FIELDS[first] ?? first, ...rest].join(' › ');
  const [name = '', ...inside] = rest;
  const schema = definitionOf(type)?.params.shape[name];
  const places = inside.map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : part));
  return [(schema && hintsOf(schema)?.label) ?? name, ...places].join(' › ');
}

export type Counts = Readonly<Record<'added' | 'changed' | 'removed', number>>;

/** How many nodes, edges, and sets of variables were added, changed, or removed. A moved node counts as changed. */
export function countChanges(changes: readonly Change[]): Counts {
  const count = (...kinds: Change['kind'][]) => changes.filter(({ kind }) => kinds.includes(kind)).length;
  return { added: count('added'), changed: count('changed', 'moved'), removed: count('removed') };
}

/** “2 nodes and 1 edge differ” */
export function summarizeChanges(changes: readonly Change[]): string {
  const count = (of: Change['of'], one: string, more: string): string[] => {
    const found = changes.filter((change) => change.of === of).length;
    return found === 0 ? [] : [`${found} ${found === 1 ? one : more}`];
  };
  const all = (of: Change['of'], words: string): string[] => (changes.some((change) => change.of === of) ? [words] : []);
  const parts = [...count('node', 'node', 'nodes'), ...count('edge', 'edge', 'edges'), ...all('vars', 'the variables'), ...all('helpers', 'the helpers')];
  const isOne = changes.length === 1 && (changes[0]?.of === 'node' || changes[0]?.of === 'edge');
  return parts.length === 0 ? 'No differences' : `${listWords(parts)} ${isOne ? 'differs' : 'differ'}`;
}

const listWords = (words: readonly string[]): string => new Intl.ListFormat('en').format(words);
