import { isPlainObject, type JsonSchema } from '../json.ts';
import { type CheckedGraph, type CheckedNode, type PromptSchemas, readGraph } from './check/checked-graph.ts';
import { CALLBACK_TYPE, type Graph } from './graph.ts';
import type { NodeCatalog } from './node-kind.ts';

/** What a node's expressions can name: JSON Schemas by root name, and by key for `steps` and `previous`. */
export interface ScopeSchema {
  readonly trigger: JsonSchema;
  readonly input: JsonSchema;
  readonly steps: Readonly<Record<string, JsonSchema>>;
  readonly previous: Readonly<Record<string, JsonSchema>>;
  readonly round: JsonSchema;
  readonly vars: JsonSchema;
  readonly run: JsonSchema;
  /** Inside a for-each. */
  readonly item?: JsonSchema;
  readonly index?: JsonSchema;
}

const text: JsonSchema = { type: 'string' };
const closed = (properties: Record<string, JsonSchema>): JsonSchema => ({ type: 'object', properties, additionalProperties: false });
const texts: JsonSchema = { type: 'object', additionalProperties: text };

const pastMessage = closed({ role: { enum: ['user', 'assistant'] }, content: text });
export const TRIGGER_SCHEMA: JsonSchema = closed({
  kind: text,
  body: {},
  headers: texts,
  query: {},
  files: {},
  conversation: text,
  history: { type: 'array', items: pastMessage },
});
const RUN_SCHEMA: JsonSchema = closed({ id: text, workflowId: text, version: {}, startedAt: text, labels: texts });

/** The schema of `run` for a node: with the URLs of the callbacks in the same container, and in those around it. */
export function runSchema({ nodes, containment }: CheckedGraph, nodeId: string, isResult = false): JsonSchema {
  const around = new Set<string | undefined>([undefined, ...containment.around(nodeId), ...(isResult ? [nodeId] : [])]);
  const callbacks = nodes.filter(({ id, node }) => node.type === CALLBACK_TYPE && node.data.disabled !== true && around.has(containment.containerOf(id)));
  if (callbacks.length === 0) return RUN_SCHEMA;
  return closed({ ...(RUN_SCHEMA.properties as Record<string, JsonSchema>), callbacks: closed(Object.fromEntries(callbacks.map(({ key }) => [key, text]))) });
}
const INDEX_SCHEMA: JsonSchema = { type: 'integer', minimum: 0 };
export const ROUND_SCHEMA: JsonSchema = { type: 'integer', minimum: 1 };

/** Everything the expressions of a node can name, for autocomplete. For a missing node, only what needs no step. */
export function scopeSchemaFor(graph: Graph, catalog: NodeCatalog, nodeId: string, promptSchemas?: PromptSchemas): ScopeSchema {
  const read = readGraph(graph, catalog, promptSchemas);
  const before = read.before(nodeId);
  const steps: Record<string, JsonSchema> = {};
  for (const [key, node] of read.byKey) if (before.has(node.id) && node.id !== nodeId) steps[key] = outputSchema(node);
  const previous: Record<string, JsonSchema> = {};
  for (const node of readableBefore(read, nodeId)) previous[node.key] = outputSchema(node);
  const isInside = read.containment.containerOf(nodeId) !== undefined;
  return {
    trigger: TRIGGER_SCHEMA,
    input: inputSchema(read),
    steps,
    previous,
    round: ROUND_SCHEMA,
    vars: varsSchema(graph),
    run: runSchema(read, nodeId),
    ...(isInside && { item: {}, index: INDEX_SCHEMA }),
  };
}

/** The schema of `input`: what the start node outputs. */
export function inputSchema({ starts }: CheckedGraph): JsonSchema {
  const [start] = starts;
  return start && starts.length === 1 ? outputSchema(start) : {};
}

const outputs = new WeakMap<CheckedNode, JsonSchema>();

/**
 * Schema of `steps.<key>`, created once per node. A disabled node passes its input through. A node with an error port may have its error as
 * output.
 */
export function outputSchema(node: CheckedNode): JsonSchema {
  const schema = outputs.get(node) ?? makeOutputSchema(node);
  outputs.set(node, schema);
  return schema;
}

function makeOutputSchema(node: CheckedNode): JsonSchema {
  if (!node.kind || node.node.data.disabled === true) return {};
  const schema = node.kind.output(node.params, node.promptSchema);
  if (node.policy.onError !== 'branch' || Object.keys(schema).length === 0) return schema;
  const error = { type: 'object', properties: { code: text, message: text } };
  return { ...(schema.$defs !== undefined && { $defs: schema.$defs }), anyOf: [schema, closed({ error })] };
}

/** Nodes whose `previous` output this node can read: those that a loop edge restarts together with it (S7, S8). */
const readableBefore = (graph: CheckedGraph, nodeId: string): CheckedNode[] =>
  graph.nodes.filter((node) => node.kind?.role !== 'note' && shareLoop(graph, node.id, nodeId));

/** Whether a loop edge restarts both nodes together: its target is one of them or comes before them. */
export function shareLoop({ before, setOf, loopTargets }: CheckedGraph, one: string, other: string): boolean {
  const restarting = (id: string) => setOf([id]).addAll(before(id));
  return !restarting(one).keepOnly(restarting(other)).keepOnly(loopTargets).isEmpty();
}

const NO_VARS = {};
const schemasOfVars = new WeakMap<object, JsonSchema>();

/** Schema of `vars`, created once per graph. */
export function varsSchema({ vars = NO_VARS }: Graph): JsonSchema {
  const schema = schemasOfVars.get(vars) ?? schemaOfValue(vars);
  schemasOfVars.set(vars, schema);
  return schema;
}

/** The schema that matches exactly such values. */
function schemaOfValue(value: unknown): JsonSchema {
  if (isPlainObject(value)) return closed(Object.fromEntries(Object.entries(value).map(([name, item]) => [name, schemaOfValue(item)])));
  if (Array.isArray(value)) return { type: 'array' };
  return { type: value === null ? 'null' : typeof value };
}
