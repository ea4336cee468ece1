import { GROUP_TYPE, type Graph, type GraphNode } from '@switchyard/shared/graph/graph.ts';
import { freeTitle } from '../../ui/format.ts';
import { GROUP_HEAD, isGroup, sizeOfFrame, withContents } from './containers.ts';
import type { Point, Size } from './geometry.ts';
import { findNode, freeKey, keysOf, newId, titlesOf } from './node-names.ts';

/** Space between the border of a new group and what is in it. */
const PADDING = 20;
const CARD: Size = { width: 200, height: 66 };

/** Rendered sizes, by node ID. */
export type Sizes = ReadonlyMap<string, Size>;

/** The size of a node: as rendered, or as stored. */
export const sizeOf = (node: GraphNode, sizes: Sizes): Size =>
  isGroup(node) ? sizeOfFrame(node) : (sizes.get(node.id) ?? { width: node.width ?? CARD.width, height: node.height ?? CARD.height });

/** The nodes among `ids` that are not inside another one of them. */
export function outermost(graph: Graph, ids: readonly string[]): GraphNode[] {
  const chosen = new Set(ids);
  const inside = new Set(ids.flatMap((id) => [...withContents(graph, [id])].filter((other) => other !== id)));
  return graph.nodes.filter(({ id }) => chosen.has(id) && !inside.has(id));
}

/** The smallest box around nodes that are in one frame. */
function boxAround(nodes: readonly GraphNode[], sizes: Sizes): Point & Size {
  const left = Math.min(...nodes.map(({ position }) => position.x));
  const top = Math.min(...nodes.map(({ position }) => position.y));
  const right = Math.max(...nodes.map((node) => node.position.x + sizeOf(node, sizes).width));
  const bottom = Math.max(...nodes.map((node) => node.position.y + sizeOf(node, sizes).height));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The graph with a group around these nodes, and the group’s ID. Undefined without nodes, or if they are not all in one frame. */
export function makeGroup(graph: Graph, ids: readonly string[], sizes: Sizes): { readonly graph: Graph; readonly id: string } | undefined {
  const members = outermost(graph, ids);
  const [first] = members;
  if (!first || members.some(({ parentId }) => parentId !== first.parentId)) return undefined;
  const box = boxAround(members, sizes);
  const corner = { x: Math.round(box.x - PADDING), y: Math.round(box.y - GROUP_HEAD - PADDING / 2) };
  const group: GraphNode = {
    id: newId('n'),
    type: GROUP_TYPE,
    position: corner,
    width: Math.round(box.width + 2 * PADDING),
    height: Math.round(box.height + GROUP_HEAD + 1.5 * PADDING),
    ...(first.parentId !== undefined && { parentId: first.parentId }),
    data: { key: freeKey('group', keysOf(graph)), title: freeTitle('Group', titlesOf(graph)), typeVersion: 1, params: { color: 'gray' } },
  };
  const inside = new Set(members.map(({ id }) => id));
  const nodes = graph.nodes.map((node) =>
    inside.has(node.id) ? { ...node, parentId: group.id, position: { x: node.position.x - corner.x, y: node.position.y - corner.y } } : node,
  );
  return { graph: { ...graph, nodes: [...nodes, group] }, id: group.id };
}

/** The graph without these groups. What was in them stays where it is. The same graph if there is no group among them. */
export function ungroup(graph: Graph, ids: readonly string[]): Graph {
  let next = graph;
  for (const id of ids) {
    const group = findNode(next, id);
    if (group && isGroup(group)) next = withoutGroup(next, group);
  }
  return next;
}

function withoutGroup(graph: Graph, group: GraphNode): Graph {
  const nodes = graph.nodes
    .filter(({ id }) => id !== group.id)
    .map((node): GraphNode => {
      if (node.parentId !== group.id) return node;
      const { parentId: _, ...rest } = node;
      const position = { x: node.position.x + group.position.x, y: node.position.y + group.position.y };
      return { ...rest, position, ...(group.parentId !== undefined && { parentId: group.parentId }) };
    });
  return { ...graph, nodes };
}
