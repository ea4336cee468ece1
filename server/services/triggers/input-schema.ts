import { inputParams } from '@switchyard/nodes/io/input.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { NodeCatalog } from '@switchyard/shared/graph/node-kind.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';

/** What the Input node of a graph asks for. */
export function inputSchemaOf({ catalog }: { readonly catalog: NodeCatalog }, graph: Graph): JsonSchema {
  const node = graph.nodes.find(({ type, data }) => catalog(type)?.role === 'start' && !data.disabled);
  const params = inputParams.safeParse(node?.data.params);
  return params.success ? params.data.schema : {};
}
