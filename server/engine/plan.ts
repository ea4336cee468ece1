import type { NodeDefinition } from '@switchyard/nodes/sdk/define-node.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type CompiledExpression, compileCel } from '@switchyard/shared/expression/cel.ts';
import { weightOf } from '@switchyard/shared/expression/metering/weight.ts';
import type { Reference } from '@switchyard/shared/expression/references.ts';
import { scriptReferences } from '@switchyard/shared/expression/script/script-references.ts';
import { type CompiledTemplate, compileTemplate } from '@switchyard/shared/expression/template.ts';
import { containmentOf } from '@switchyard/shared/graph/containment.ts';
import { CALLBACK_TYPE, ERROR_PORT, type Graph, type GraphEdge, type GraphNode, loopLimit, outPort, type Policy } from '@switchyard/shared/graph/graph.ts';
import type { Encoding, ExpressionField, FieldPath } from '@switchyard/shared/graph/node-kind.ts';
import { descendants, type Topology, topologyOf } from '@switchyard/shared/graph/topology.ts';
import type { PromptRef } from '@switchyard/shared/model/prompt-ref.ts';
import { promptRefsOf } from '@switchyard/shared/model/prompt-ref.ts';

/*
 * A graph compiled once per content hash: order, joins, loop edges, expressions, policies. Pure and immutable, so any number of runs share
 * one plan. Graphs with errors never get here: publishing and draft runs reject them (S4).
 */

export interface PlanEdge {
  readonly id: string;
  readonly source: PlanNode;
  readonly target: PlanNode;
  /** Output port of the source. */
  readonly port: string;
  /** How often a loop edge may restart its target. */
  readonly limit: number;
}

export interface PlanNode {
  readonly id: string;
  readonly key: string;
  readonly title: string;
  readonly definition: NodeDefinition;
  /** The version that its params were saved in. */
  readonly typeVersion: number;
  /** Params in the shape of the current definition, with defaults filled in and templates unfilled. */
  readonly params: unknown;
  readonly policy: Policy;
  readonly disabled: boolean;
  readonly joinsFirst: boolean;
  readonly outputs: readonly string[];
  /** Output ports that an edge starts at. */
  readonly connected: ReadonlySet<string>;
  /** Templates to fill before the node runs; none if it is disabled. */
  readonly templates: readonly { readonly path: FieldPath; readonly compiled: CompiledTemplate; readonly encode?: Encoding }[];
  /** Expressions that the node evaluates itself, by source. */
  readonly expressions: ReadonlyMap<string, CompiledExpression>;
  /** Where its user code reads from the scope. */
  readonly scripts: readonly { readonly references: readonly Reference[] }[];
  /** Top-level params that contain a template. They are shown as the step's input. */
  readonly shownParams: readonly string[];
  /** Keys of the nodes in the scope of its expressions: those they name, and the start. All nodes if an expression uses all of `steps`. */
  readonly inScope: readonly string[];
  /** Keys of the nodes whose outputs it needs: those its expressions name, and those its edges come from. */
  readonly needs: readonly string[];
  /** Forward edges, in the graph's order. */
  readonly incoming: readonly PlanEdge[];
  /** Loop edges that leave this node. */
  readonly loopEdges: readonly PlanEdge[];
  /** The key of the container around it. Undefined at the top level. */
  readonly container: string | undefined;
  /** What a container runs for each item. */
  readonly inner: PlanInner | undefined;
}

/** What is in a container. Its entries are the nodes without incoming edges. */
export interface PlanInner {
  /** Each after all before it. */
  readonly nodes: readonly PlanNode[];
  /** The nodes without outgoing edges: their outputs are the result of an item, unless the container has a template for it (S35). */
  readonly last: readonly PlanNode[];
  readonly result: CompiledTemplate | undefined;
  /** Results that are lists are joined into one. */
  readonly joinsResults: boolean;
  /** As of a node, for `result`. */
  readonly inScope: readonly string[];
  readonly needs: readonly string[];
}

export interface Plan {
  /** Runnable nodes of the top level, each after all before it. */
  readonly nodes: readonly PlanNode[];
  /** All nodes. */
  readonly byKey: ReadonlyMap<string, PlanNode>;
  readonly start: PlanNode;
  readonly vars: Readonly<Record<string, unknown>>;
  /** The module that user code calls as `helpers`. */
  readonly helpers: string | undefined;
  /** Keys of the nodes that wait for a callback. */
  readonly callbacks: readonly string[];
  /** It may start child runs (S38). */
  readonly startsRuns: boolean;
  /** The prompts of the registry that its nodes name. */
  readonly prompts: readonly PromptRef[];
  /** The target of a loop edge and every node forward of it: the members of a new round (S7). */
  membersOf(target: PlanNode): readonly PlanNode[];
  /** A node of the top level and all before it there: what a run of only that node may start (S78a). */
  upTo(key: string): readonly PlanNode[];
  /** Approximate memory use. */
  readonly bytes: number;
}

type Definitions = (type: string) => NodeDefinition | undefined;
type Draft = { -readonly [K in keyof PlanNode]: PlanNode[K] } & { incoming: PlanEdge[]; loopEdges: PlanEdge[]; connected: Set<string> };

/** Compiles a graph. Throws AppError `graph-has-problems` if it can't run; the graph checks report the same with better messages. */
export function planOf(graph: Graph, definitionOf: Definitions): Plan {
  const work = planInParts(graph, definitionOf);
  for (let part = work.next(); ; part = work.next()) if (part.done) return part.value;
}

/** The same, with a pause after each node: compiling the largest graph takes a few hundred ms. */
export function* planInParts(graph: Graph, definitionOf: Definitions): Generator<void, Plan> {
  const topology = topologyOf(graph);
  const containment = containmentOf(graph, ({ type }) => definitionOf(type)?.role === 'container');
  const drafts = new Map<string, Draft>();
  for (const id of topology.order) {
    const node = topology.nodes.get(id);
    const around = containment.containerOf(id);
    const draft = node && draftOf(node, definitionOf, around === undefined ? undefined : topology.nodes.get(around)?.data.key);
    if (draft) drafts.set(id, draft);
    yield;
  }
  for (const edges of topology.incoming.values()) for (const edge of edges) link(edge, drafts, 'incoming');
  for (const edge of topology.loopEdges) link(edge, drafts, 'loopEdges');
  const all = [...drafts.values()];
  const start = all.find((node) => node.definition.role === 'start');
  if (!start) throw new AppError('graph-has-problems', 'The workflow has no input to start from.');
  const byKey = new Map(all.map((node) => [node.key, node]));
  const allKeys = [...byKey.keys()];
  for (const node of all) {
    Object.assign(node, readingOf(node, start.key, allKeys));
    if (node.definition.role === 'container' && !node.disabled) node.inner = innerOf(node, all, { startKey: start.key, allKeys });
  }
  return {
    nodes: all.filter(({ container }) => container === undefined),
    byKey,
    start,
    vars: graph.vars ?? {},
    helpers: graph.helpers,
    callbacks: all.flatMap(({ key, definition, disabled }) => (definition.type === CALLBACK_TYPE && !disabled ? [key] : [])),
    startsRuns: all.some(({ definition }) => definition.type === 'workflow'),
    prompts: promptRefsOf(all),
    membersOf: members(topology, drafts),
    upTo: partsOf(all),
    bytes: bytesOf(all, graph),
  };
}

function draftOf(node: GraphNode, definitionOf: Definitions, container: string | undefined): Draft | undefined {
  const definition = definitionOf(node.type);
  if (!definition) throw new AppError('graph-has-problems', `“${node.data.title}” has an unknown node type, “${node.type}”.`);
  if (definition.role === 'note') return undefined;
  const migrated = definition.migrate(node.data.params, node.data.typeVersion);
  const parsed = definition.params.safeParse(migrated);
  const params: unknown = parsed.success ? parsed.data : migrated;
  const policy = node.data.policy ?? {};
  const outputs = definition.ports(params).outputs.map((port) => port.id);
  const disabled = node.data.disabled === true;
  const fields = disabled ? [] : definition.expressions(params).filter(({ inside }) => !inside);
  const templates = templatesOf(fields);
  return {
    id: node.id,
    key: node.data.key,
    title: node.data.title,
    definition,
    typeVersion: node.data.typeVersion,
    params,
    policy,
    disabled,
    joinsFirst: definition.joinsFirst(params),
    outputs: policy.onError === 'branch' ? [...outputs, ERROR_PORT] : outputs,
    connected: new Set(),
    templates,
    expressions: expressionsOf(fields),
    scripts: fields.filter(({ kind }) => kind === 'script').map(({ source }) => ({ references: scriptReferences(source) })),
    shownParams: [...new Set(templates.map((template) => String(template.path[0])))],
    inScope: [],
    needs: [],
    incoming: [],
    loopEdges: [],
    container,
    inner: undefined,
  };
}

/** What a container has in it. Its nodes are linked already. */
function innerOf(container: Draft, all: readonly Draft[], { startKey, allKeys }: { startKey: string; allKeys: readonly string[] }): PlanInner {
  const nodes = all.filter((node) => node.container === container.key);
  const sources = new Set(nodes.flatMap(({ incoming }) => incoming.map(({ source }) => source)));
  const last = nodes.filter((node) => !sources.has(node));
  const source = container.definition.itemResult(container.params);
  const result = source === '' ? undefined : compileTemplate(source);
  const named = result ? keysNamedBy([result], startKey) : new Set<string>();
  const inScope = named === 'all' ? allKeys : [startKey, ...named];
  // The output of a single last node may stay a reference.
  const read = last.length > 1 ? last.map(({ key }) => key) : [];
  const joinsResults = container.definition.joinsResults(container.params);
  return { nodes, last, result, joinsResults, inScope, needs: result ? inScope : read };
}

const templatesOf = (fields: readonly ExpressionField[]): PlanNode['templates'] =>
  fields
    .filter((field) => field.kind === 'template')
    .map((field) => ({
      path: field.path,
      compiled: compileTemplate(field.source),
      ...(field.encode && { encode: field.encode }),
    }))
    .filter((template) => !template.compiled.isConstant);

const expressionsOf = (fields: readonly ExpressionField[]): PlanNode['expressions'] =>
  new Map(fields.filter(({ kind, source }) => kind === 'cel' && source.trim() !== '').map(({ source }) => [source, compileCel(source)]));

function link(edge: GraphEdge, drafts: ReadonlyMap<string, Draft>, side: 'incoming' | 'loopEdges'): void {
  const source = drafts.get(edge.source);
  const target = drafts.get(edge.target);
  if (!source || !target) return;
  const planned = { id: edge.id, source, target, port: outPort(edge), limit: loopLimit(edge) };
  source.connected.add(planned.port);
  (side === 'incoming' ? target.incoming : source.loopEdges).push(planned);
}

function readingOf(node: Draft, startKey: string, allKeys: readonly string[]): Pick<PlanNode, 'inScope' | 'needs'> {
  const named = namedBy(node, startKey);
  if (named === 'all') return { inScope: allKeys, needs: allKeys };
  const sources = node.incoming.map(({ source }) => source.key);
  return { inScope: [...new Set([startKey, ...named])], needs: [...new Set([...named, ...sources])] };
}

/** Keys of the nodes that its expressions name, or `all` if one uses all of `steps`. `input` names the start node. */
const namedBy = ({ templates, expressions, scripts }: Draft, startKey: string): ReadonlySet<string> | 'all' =>
  keysNamedBy([...templates.map(({ compiled }) => compiled), ...expressions.values(), ...scripts], startKey);

function keysNamedBy(compiled: readonly Pick<CompiledTemplate, 'references'>[], startKey: string): ReadonlySet<string> | 'all' {
  const named = new Set<string>();
  for (const { references } of compiled) {
    for (const { root, path } of references) {
      if (root === 'input') named.add(startKey);
      if (root !== 'steps' && root !== 'previous') continue;
      if (path[0] === undefined) return 'all';
      named.add(path[0]);
    }
  }
  return named;
}

function members(topology: Topology, drafts: ReadonlyMap<string, Draft>): (target: PlanNode) => readonly PlanNode[] {
  const known = new Map<string, readonly PlanNode[]>();
  return (target) => {
    const found = known.get(target.id);
    if (found) return found;
    const forward = descendants(topology, target.id);
    const list = [...drafts.values()].filter((node) => node.id === target.id || forward.has(node.id));
    known.set(target.id, list);
    return list;
  };
}

function partsOf(all: readonly PlanNode[]): Plan['upTo'] {
  const known = new Map<string, readonly PlanNode[]>();
  return (key) => {
    const found = known.get(key);
    if (found) return found;
    const part = new Set(all.filter((node) => node.key === key));
    for (const { incoming } of part) for (const { source } of incoming) part.add(source);
    const list = all.filter((node) => part.has(node));
    known.set(key, list);
    return list;
  };
}

/** Approximate memory of a compiled character of an expression, an element of the params, a node, and an edge. */
const BYTES = { character: 300, element: 40, node: 2_000, edge: 300 };

function bytesOf(nodes: readonly PlanNode[], { edges, vars = {}, helpers = '' }: Graph): number {
  const data = (value: object): number => {
    const { elements, characters } = weightOf(value);
    return characters + BYTES.element * elements;
  };
  const code = ({ templates, expressions }: PlanNode): number =>
    [...templates.map(({ compiled }) => compiled.source), ...expressions.keys()].reduce((sum, source) => sum + source.length, 0);
  const ofNodes = nodes.reduce((sum, node) => sum + BYTES.node + data(node.params as object) + BYTES.character * code(node), 0);
  return ofNodes + data(vars) + helpers.length + BYTES.edge * edges.length;
}
