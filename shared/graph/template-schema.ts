import { onlyExpression, passedReference } from '../expression/passed-reference.ts';
import { ExpressionSyntaxError } from '../expression/syntax-error.ts';
import type { JsonSchema } from '../json.ts';
import { type CheckedGraph, readGraph } from './check/checked-graph.ts';
import { schemaAt } from './check/optional-text.ts';
import type { Graph } from './graph.ts';
import type { NodeCatalog } from './node-kind.ts';
import { inputSchema, outputSchema, varsSchema } from './scope-schema.ts';

/** Reads the schemas of the values of templates in a graph. Undefined if unknown. */
export function templateSchemas(graph: Graph, catalog: NodeCatalog): (template: string) => JsonSchema | undefined {
  const read = readGraph(graph, catalog);
  return (template) => {
    try {
      if (onlyExpression(template) === undefined) return { type: 'string' };
      const passed = passedReference(template);
      return passed && passed.reference.optionalFrom === undefined ? schemaOfPath(passed.reference.root, passed.reference.path, read) : undefined;
    } catch (thrown) {
      if (thrown instanceof ExpressionSyntaxError) return undefined;
      throw thrown;
    }
  };
}

function schemaOfPath(root: string, path: readonly string[], read: CheckedGraph): JsonSchema | undefined {
  if (root === 'input') return schemaAt(path, inputSchema(read), read.meter);
  if (root === 'vars') return schemaAt(path, varsSchema(read.graph), read.meter);
  const [key = '', ...rest] = path;
  const step = root === 'steps' ? read.byKey.get(key) : undefined;
  return step && schemaAt(rest, outputSchema(step), read.meter);
}
