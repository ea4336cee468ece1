import { checkGraph } from '@switchyard/shared/graph/check.ts';
import { type Graph, type GraphEdge, type GraphNode, IN, OUT } from '@switchyard/shared/graph/graph.ts';
import { inputSchema } from '@switchyard/shared/graph/scope-schema.ts';
import { freeTitle } from '../../ui/format.ts';
import { originOf, placeOnCanvas } from '../operations/containers.ts';
import type { Point } from '../operations/geometry.ts';
import { freeKey, keyFromTitle, keysOf, newId, titlesOf } from '../operations/node-names.ts';
import type { Definitions } from '../operations/ports.ts';
import { readSelected, type Selected } from './border.ts';
import { givenKeys, outputValue, readingFrom } from './gives.ts';
import { type Reads, readsOf } from './reads.ts';
import { orRefusal, type Refusal, refuse } from './refused.ts';
import { shapeOf } from './shape-of.ts';

/** A selection as a workflow of its own. */
export interface SubWorkflow {
  /** The graph of the new workflow. */
  readonly child: Graph;
  /** A name for it. */
  readonly title: string;
  /** The fields of its input. Undefined if it gets the input of this workflow as it is. */
  readonly inputs: readonly string[] | undefined;
  /** The fields of its output: keys of its steps. */
  readonly outputs: readonly string[];
  /** The graph that calls the new workflow instead of running the steps, and the ID of the node that does. */
  replaced(workflow: { readonly id: string; readonly name: string }): { graph: Graph; nodeId: string };
}

const TYPE = 'workflow';
const COLUMN = 280;

/**
 * The workflow that these nodes would make, with an input for what they read and an output for what is read of them. Refuses a selection that
 * would run differently as a sub-workflow.
 */
export const makeSubWorkflow = (graph: Graph, nodeIds: readonly string[], definitions: Definitions): SubWorkflow | Refusal =>
  orRefusal(() => {
    const selected = readSelected(graph, nodeIds, definitions);
    const reads = readsOf(selected);
    const outputs = givenKeys(selected);
    const child = childOf(selected, reads, outputs);
    const [error] = checkGraph(child, definitions).filter(({ severity }) => severity === 'error');
    if (error) refuse(`The steps have a problem. Fix it first: ${error.message}`);
    return {
      child,
      title: titleOf(selected),
      inputs: reads.passesInput ? undefined : reads.fields.map(({ name }) => name),
      outputs,
      replaced: (workflow) => replace(selected, reads, workflow),
    };
  });

function titleOf({ keys }: Selected): string {
  const titles = [...keys.values()].map(({ data }) => data.title);
  const [first = 'Sub-workflow', ...rest] = titles;
  return rest.length === 0 ? first : `${first} to ${rest.at(-1)}`.slice(0, 100);
}

/** Where the selection is on the canvas: the corner of its cards. */
function cornerOf({ graph, part, has }: Selected): Point {
  const tops = part.nodes.filter(({ parentId }) => !has(parentId ?? '')).map((node) => placeOnCanvas(graph, node));
  return { x: Math.min(...tops.map(({ x }) => x)), y: Math.min(...tops.map(({ y }) => y)) };
}

/** The group or container that all of the selection is in. */
function parentOf({ part, has, container }: Selected): string | undefined {
  const [parent, ...others] = new Set(part.nodes.filter(({ parentId }) => !has(parentId ?? '')).map(({ parentId }) => parentId));
  return others.length === 0 ? parent : container?.id;
}

function childOf(selected: Selected, reads: Reads, outputs: readonly string[]): Graph {
  const { graph, part, definitions, first, last } = selected;
  const corner = cornerOf(selected);
  const taken = keysOf(part);
  const nodes = reads.nodes.map((node): GraphNode => {
    const { parentId, ...rest } = node;
    if (parentId !== undefined && selected.has(parentId)) return node;
    const { x, y } = placeOnCanvas(graph, node);
    return { ...rest, position: { x: x - corner.x + COLUMN, y: y - corner.y } };
  });
  const right = Math.max(...nodes.filter(({ parentId }) => parentId === undefined).map(({ position, width }) => position.x + (width ?? 0)));
  const input = nodeOf('input', { x: 0, y: 0 }, { definitions, taken, params: inputParams(selected, reads) });
  const output = nodeOf('output', { x: right + COLUMN, y: 0 }, { definitions, taken, params: { value: {} } });
  const edges: GraphEdge[] = [
    ...first.map(({ id }) => edgeBetween({ source: input.id, sourceHandle: OUT }, id)),
    ...part.edges,
    ...last.map((port) => edgeBetween(port, output.id)),
  ];
  const vars = { vars: reads.vars };
  const helpers = reads.usesHelpers && graph.helpers !== undefined && { helpers: graph.helpers };
  const child: Graph = { nodes: [input, ...nodes, output], edges, ...vars, ...helpers };
  const value = outputValue(outputs, child, output.id, selected);
  const filled = { ...output, data: { ...output.data, params: { value } } };
  return { ...child, nodes: [input, ...nodes, filled] };
}

/** Values arrive as they are: the outer workflow has already normalized its input. */
function inputParams({ read }: Selected, { fields, passesInput }: Reads): Record<string, unknown> {
  const properties = Object.fromEntries(fields.map(({ name, schema }) => [name, schema]));
  const required = fields.filter(({ isOptional }) => !isOptional).map(({ name }) => name);
  const schema = passesInput ? shapeOf(inputSchema(read)) : { type: 'object', properties, ...(required.length > 0 && { required }) };
  return { schema, samples: [], coerce: false, trim: false, dates: false, lowerCase: false };
}

interface NewNode {
  readonly definitions: Definitions;
  readonly taken: ReadonlySet<string>;
  readonly params: Record<string, unknown>;
  readonly title?: string;
}

function nodeOf(type: string, position: Point, { definitions, taken, params, title }: NewNode): GraphNode {
  const definition = definitions(type);
  const name = title ?? definition?.title ?? type;
  const key = freeKey(keyFromTitle(name), taken);
  return { id: newId('n'), type, position, data: { key, title: name, typeVersion: definition?.version ?? 1, params } };
}

const edgeBetween = ({ source, sourceHandle }: Pick<GraphEdge, 'source' | 'sourceHandle'>, target: string): GraphEdge => ({
  id: newId('e'),
  source,
  sourceHandle: sourceHandle ?? OUT,
  target,
  targetHandle: IN,
});

function replace(selected: Selected, reads: Reads, { id, name }: { readonly id: string; readonly name: string }): { graph: Graph; nodeId: string } {
  const { graph, has, definitions } = selected;
  const parentId = parentOf(selected);
  const origin = originOf(graph, parentId);
  const left = graph.nodes.filter((node) => !has(node.id));
  const kept = { ...graph, nodes: left };
  const input = reads.passesInput ? '{{ input }}' : Object.fromEntries(reads.fields.map((field) => [field.name, `{{ ${field.value} }}`]));
  const corner = cornerOf(selected);
  const params = { workflowId: id, version: 'live', input, wait: true };
  const made = nodeOf(
    TYPE,
    { x: Math.round(corner.x - origin.x), y: Math.round(corner.y - origin.y) },
    { definitions, taken: keysOf(kept), params, title: freeTitle(name, titlesOf(kept)) },
  );
  const node = parentId === undefined ? made : { ...made, parentId };
  const nodes = [...left.map((one) => readingFrom(one, node.data.key, selected)), node];
  return { graph: { ...graph, nodes, edges: edgesAround(selected, node.id) }, nodeId: node.id };
}

/** The edges of the graph with the selection replaced by one node. Edges that become the same are one. */
function edgesAround({ graph, has }: Selected, nodeId: string): GraphEdge[] {
  const seen = new Set<string>();
  return graph.edges.flatMap((edge): GraphEdge[] => {
    const [leaves, enters] = [has(edge.source), has(edge.target)];
    if (!leaves && !enters) return [edge];
    if (leaves && enters) return [];
    const moved: GraphEdge = leaves ? { ...edge, source: nodeId, sourceHandle: OUT } : { ...edge, target: nodeId, targetHandle: IN };
    const ends = JSON.stringify([moved.source, moved.sourceHandle, moved.target, moved.targetHandle, moved.data?.back ?? false]);
    if (seen.has(ends)) return [];
    seen.add(ends);
    return [moved];
  });
}
