import { nodeTypes } from '@switchyard/nodes/catalog.ts';
import type { NodeDefinition } from '@switchyard/nodes/sdk/define-node.ts';
import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { listNodeTypes as contract } from '@switchyard/shared/contracts/system.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import { z } from 'zod';

type NodeTypes = ReplyOf<typeof contract>;

let made: NodeTypes | undefined;

/** Every node type with the schema of its params, for pages and tools that build workflows. */
export function listNodeTypes(): NodeTypes {
  made ??= { items: nodeTypes.map(nodeTypeView), nextCursor: null };
  return made;
}

const nodeTypeView = (node: NodeDefinition): NodeTypes['items'][number] => {
  const { inputs, outputs } = node.ports(node.defaults);
  return {
    type: node.type,
    version: node.version,
    title: node.title,
    category: node.category,
    summary: node.summary,
    keywords: [...node.keywords],
    help: node.help,
    icon: node.icon,
    params: z.toJSONSchema(node.params, { unrepresentable: 'any', io: 'input' }) as JsonSchema,
    defaults: node.defaults,
    ports: { inputs: [...inputs], outputs: [...outputs] },
    output: node.output(node.defaults),
    effect: node.effect(node.defaults),
  };
};
