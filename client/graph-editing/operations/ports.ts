import type { NodeDefinition } from '@switchyard/nodes/sdk/define-node.ts';
import { ERROR_PORT, type GraphNode } from '@switchyard/shared/graph/graph.ts';
import type { Port, Ports } from '@switchyard/shared/graph/node-kind.ts';

/** Looks up a node type’s definition. Returns undefined for an unknown type. */
export type Definitions = (type: string) => NodeDefinition | undefined;

const NO_PORTS: Ports = { inputs: [], outputs: [] };

/** The ports of a node with its current params, including the error port if its policy uses one. */
export function portsOf(node: GraphNode, definitions: Definitions): Ports {
  const ports = definitions(node.type)?.ports(node.data.params) ?? NO_PORTS;
  if (node.data.policy?.onError !== 'branch') return ports;
  const error: Port = { id: ERROR_PORT, label: 'error' };
  return { inputs: ports.inputs, outputs: [...ports.outputs, error] };
}
