import { type Graph, type GraphEdge, type GraphNode, IN, outPort } from '@switchyard/shared/graph/graph.ts';
import { findNode } from './node-names.ts';
import { type Definitions, portsOf } from './ports.ts';

/** `after` with the edges of one changed node fitted to its ports: they follow a renamed port, and go with a removed one. */
export function dropLostEdges(before: Graph, after: Graph, nodeId: string, definitions: Definitions): Graph {
  const [old, now] = [findNode(before, nodeId), findNode(after, nodeId)];
  if (!old || !now || old === now) return after;
  const outputs = changedPorts(old, now, 'outputs', definitions);
  const inputs = changedPorts(old, now, 'inputs', definitions);
  if (outputs.size === 0 && inputs.size === 0) return after;
  const edges = after.edges.flatMap((edge): GraphEdge[] => {
    const port = edge.source === nodeId ? outPort(edge) : undefined;
    if (edge.target === nodeId && inputs.has(edge.targetHandle ?? IN)) return [];
    if (port === undefined || !outputs.has(port)) return [edge];
    const renamed = outputs.get(port);
    return renamed === undefined ? [] : [{ ...edge, sourceHandle: renamed }];
  });
  return { ...after, edges };
}

/** The ports a node no longer has, each with its replacement if exactly one port was renamed. */
function changedPorts(old: GraphNode, now: GraphNode, side: 'inputs' | 'outputs', definitions: Definitions): Map<string, string | undefined> {
  const had = portsOf(old, definitions)[side].map(({ id }) => id);
  const has = portsOf(now, definitions)[side].map(({ id }) => id);
  const lost = had.filter((id) => !has.includes(id));
  const [first] = lost;
  const heir = first !== undefined && lost.length === 1 && had.length === has.length ? has[had.indexOf(first)] : undefined;
  return new Map(lost.map((id) => [id, heir !== undefined && !had.includes(heir) ? heir : undefined]));
}
