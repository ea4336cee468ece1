import { type Graph, type GraphNode, graphSchema } from '@switchyard/shared/graph/graph.ts';
import type { NodeCatalog } from '@switchyard/shared/graph/node-kind.ts';
import { freeTitle } from '../../ui/format.ts';
import { withContents } from './containers.ts';
import type { Point } from './geometry.ts';
import { findNode, freeKey, keysOf, newId, titlesOf } from './node-names.ts';

const FORMAT = 'switchyard/fragment@1';

/** Rewrites a node’s key and every expression that uses it. */
export type RenameKey = (graph: Graph, catalog: NodeCatalog, nodeId: string, newKey: string) => Graph;

/** The copied part of a graph: these nodes, everything inside them, and the edges between them. */
export function fragmentOf(graph: Graph, nodeIds: readonly string[]): Graph {
  const chosen = withContents(graph, nodeIds);
  return {
    nodes: graph.nodes.filter((node) => chosen.has(node.id)),
    edges: graph.edges.filter((edge) => chosen.has(edge.source) && chosen.has(edge.target)),
  };
}

/** A fragment as clipboard text. */
export const writeFragment = (fragment: Graph): string => JSON.stringify({ format: FORMAT, nodes: fragment.nodes, edges: fragment.edges }, null, 2);

/** The fragment in clipboard text, or undefined if there is none. */
export function readFragment(text: string): Graph | undefined {
  if (!text.includes(FORMAT)) return undefined;
  try {
    const parsed = graphSchema.safeParse(JSON.parse(text));
    return parsed.success && parsed.data.nodes.length > 0 ? { nodes: parsed.data.nodes, edges: parsed.data.edges } : undefined;
  } catch {
    return undefined;
  }
}

interface PasteAt {
  readonly offset: Point;
  /** The container to paste into. */
  readonly inside?: string | undefined;
  /** Nodes stay in the containers that they were copied from. */
  readonly stays?: boolean;
}

/** The nodes of a fragment that no other one contains. */
const rootsOf = ({ nodes }: Graph): GraphNode[] => nodes.filter(({ parentId }) => !nodes.some(({ id }) => id === parentId));

/**
 * The graph with a fragment added at an offset, and the IDs of the new nodes. Nodes get new IDs and, if theirs are in use, new keys.
 * Expressions in the fragment follow renamed keys.
 */
export function pasteFragment(graph: Graph, fragment: Graph, at: PasteAt, tools: { catalog: NodeCatalog; rename: RenameKey }): { graph: Graph; ids: string[] } {
  const renamed = withFreeKeys(graph, fragment, tools);
  const titles = titlesOf(graph);
  const ids = new Map(renamed.nodes.map((node) => [node.id, newId('n')]));
  /** The container of a pasted node whose own isn’t in the fragment. */
  const outside = ({ parentId }: GraphNode) => {
    const container = at.inside ?? (at.stays === true && findNode(graph, parentId ?? '') ? parentId : undefined);
    return container === undefined ? {} : { parentId: container };
  };
  const nodes = renamed.nodes.map((node): GraphNode => {
    const title = freeTitle(node.data.title, titles);
    titles.add(title);
    const { parentId: _parent, ...rest } = node;
    const parent = ids.get(node.parentId ?? '');
    const { x, y } = node.position;
    const placed = parent !== undefined ? { parentId: parent } : { position: { x: x + at.offset.x, y: y + at.offset.y }, ...outside(node) };
    return { ...rest, ...placed, id: ids.get(node.id) ?? newId('n'), data: { ...node.data, title } };
  });
  const edges = renamed.edges.flatMap((edge) => {
    const source = ids.get(edge.source);
    const target = ids.get(edge.target);
    return source && target ? [{ ...edge, id: newId('e'), source, target }] : [];
  });
  return { graph: { ...graph, nodes: [...graph.nodes, ...nodes], edges: [...graph.edges, ...edges] }, ids: nodes.map((node) => node.id) };
}

function withFreeKeys(graph: Graph, fragment: Graph, tools: { catalog: NodeCatalog; rename: RenameKey }): Graph {
  const there = keysOf(graph);
  const taken = new Set([...there, ...keysOf(fragment)]);
  let renamed = fragment;
  for (const node of fragment.nodes) {
    if (!there.has(node.data.key)) continue;
    const key = freeKey(node.data.key, taken);
    taken.add(key);
    renamed = tools.rename(renamed, tools.catalog, node.id, key);
  }
  return renamed;
}

/** Cards closer than this hide each other. */
const HIDDEN = 16;

/** The offset of a pasted fragment in whole steps, so pasting twice doesn’t hide nodes. */
export function offsetBeside(graph: Graph, fragment: Graph, step: Point): Point {
  const near = (a: Point, b: Point): boolean => Math.abs(a.x - b.x) < HIDDEN && Math.abs(a.y - b.y) < HIDDEN;
  const hides = (offset: Point): boolean =>
    rootsOf(fragment).some(({ position: { x, y } }) => graph.nodes.some((node) => near(node.position, { x: x + offset.x, y: y + offset.y })));
  let steps = 1;
  while (steps <= graph.nodes.length && hides({ x: step.x * steps, y: step.y * steps })) steps += 1;
  return { x: step.x * steps, y: step.y * steps };
}

/** The offset that moves a fragment’s top left corner to `place`. */
export function offsetTo(fragment: Graph, place: Point): Point {
  const left = Math.min(...rootsOf(fragment).map((node) => node.position.x));
  const top = Math.min(...rootsOf(fragment).map((node) => node.position.y));
  return { x: Math.round(place.x - left), y: Math.round(place.y - top) };
}
