import { type InternalNode, Position } from '@xyflow/react';
import { sizeOfFrame } from '../../../graph-editing/operations/containers.ts';
import type { FlowNode } from '../../view/flow-graph.ts';
import { type Box, Obstacles } from './obstacles.ts';

type DrawnNode = InternalNode<FlowNode>;
export type Lookup = ReadonlyMap<string, DrawnNode>;

/** Title bar and item strip of a container: edges inside stay below. */
const HEAD = 91;

/** Where a node is drawn. Undefined until it is measured. */
export function boxOf(node: DrawnNode | undefined): Box | undefined {
  if (!node?.measured.width) return undefined;
  const { x, y } = node.internals.positionAbsolute;
  return { id: node.id, left: x, top: y, right: x + node.measured.width, bottom: y + (node.measured.height ?? 0) };
}

/** The container around a node, looking through groups. Undefined at the top level. */
export function levelOf(lookup: Lookup, nodeId: string): string | undefined {
  let at = lookup.get(lookup.get(nodeId)?.parentId ?? '');
  for (let depth = 0; at && at.type !== 'container' && depth < lookup.size; depth++) at = lookup.get(at.parentId ?? '');
  return at?.id;
}

/** The cards of each level that edges go around: steps, and containers as a whole. Groups belong to the level around them. */
export function obstaclesOf(lookup: Lookup): Map<string | undefined, Obstacles> {
  const levels = new Map<string | undefined, { cards: Box[]; groups: Box[] }>([[undefined, { cards: [], groups: [] }]]);
  for (const node of lookup.values()) {
    const box = node.type === 'note' ? undefined : boxOf(node);
    if (!box) continue;
    const id = levelOf(lookup, node.id);
    const level = levels.get(id) ?? { cards: [], groups: [] };
    levels.set(id, level);
    (node.type === 'frame' ? level.groups : level.cards).push(box);
  }
  return new Map([...levels].map(([id, { cards, groups }]) => [id, new Obstacles(cards, { bounds: boundsOf(lookup, id), groups })]));
}

function boundsOf(lookup: Lookup, level: string | undefined): Box | undefined {
  const container = level === undefined ? undefined : lookup.get(level);
  const box = container && boxOf(container);
  if (!container || !box) return undefined;
  const { height } = sizeOfFrame(container.data.node);
  return { ...box, top: box.top + HEAD, bottom: Math.max(box.bottom, box.top + height) };
}

/** Where an edge starts or ends: the middle of a port’s outer side. Undefined until the port is measured. */
export function portPlace(node: DrawnNode | undefined, side: 'source' | 'target', port: string | null | undefined): { x: number; y: number } | undefined {
  const handle = node?.internals.handleBounds?.[side]?.find(({ id }) => id === port);
  if (!node || !handle) return undefined;
  const { x, y } = node.internals.positionAbsolute;
  const right = handle.position === Position.Right ? handle.width : 0;
  return { x: x + handle.x + right, y: y + handle.y + handle.height / 2 };
}
