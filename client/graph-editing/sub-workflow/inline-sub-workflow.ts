import { checkGraph } from '@switchyard/shared/graph/check.ts';
import { type Graph, type GraphEdge, type GraphNode, IN, isLoopEdge, OUT } from '@switchyard/shared/graph/graph.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { expressionsOf, rewriteNode } from '@switchyard/shared/graph/rewrite-node.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';
import { containerOf } from '../operations/containers.ts';
import { pasteFragment, type RenameKey } from '../operations/fragment.ts';
import { findNode, newId } from '../operations/node-names.ts';
import type { Definitions } from '../operations/ports.ts';
import { checkReadable } from './inline-checks.ts';
import { orRefusal, type Refusal, refuse } from './refused.ts';
import { type Passed, readsPassed, substituted } from './substitute.ts';
import { toCel } from './to-cel.ts';

/*
 * Puts the steps of a sub-workflow in place of the node that calls it. Its input and output disappear where they only pass values on. Where
 * they compute one, a Transform takes their place: that of the output keeps the key of the node, so nothing outside changes.
 */

/** The graph with the steps in place, and their IDs. */
export interface Inlined {
  readonly graph: Graph;
  readonly nodeIds: readonly string[];
}

export interface InlineTools {
  readonly definitions: Definitions;
  readonly rename: RenameKey;
}

interface Parts {
  readonly graph: Graph;
  readonly node: GraphNode;
  readonly input: GraphNode;
  readonly output: GraphNode;
  /** The nodes of the sub-workflow in the graph, including its input and output. */
  readonly ids: ReadonlySet<string>;
  readonly tools: InlineTools;
}

/** Replaces a Workflow node by the steps of the workflow that it calls. Refuses where the run would differ. */
export const inlineSubWorkflow = (graph: Graph, nodeId: string, child: Graph, tools: InlineTools): Inlined | Refusal =>
  orRefusal(() => {
    const node = findNode(graph, nodeId);
    if (!node) return refuse('Select a Workflow node.');
    const ends = checkReadable(graph, node, child, tools.definitions);
    const parts = placed({ graph, node, child, ends, tools });
    const inlined = withoutOutput(withoutInput(parts));
    const next = { ...inlined.graph, ...sharedParts(graph, child, node) };
    refuseNewErrors(graph, next, tools.definitions);
    return { graph: next, nodeIds: [...inlined.ids].filter((id) => next.nodes.some((one) => one.id === id)) };
  });

const CARD_WIDTH = 200;
const GAP = 60;

interface Placing {
  readonly graph: Graph;
  readonly node: GraphNode;
  readonly child: Graph;
  readonly ends: { readonly input: GraphNode; readonly output: GraphNode };
  readonly tools: InlineTools;
}

/** The graph with all nodes of the sub-workflow beside its node, and room for them. */
function placed({ graph, node, child, ends, tools }: Placing): Parts {
  const top = child.nodes.filter(({ id, parentId }) => parentId === undefined && id !== ends.input.id && id !== ends.output.id);
  const corner = { x: Math.min(...top.map(({ position }) => position.x)), y: Math.min(...top.map(({ position }) => position.y)) };
  const right = Math.max(0, ...top.map((one) => one.position.x - corner.x + (one.width ?? CARD_WIDTH)));
  const isRight = (one: GraphNode): boolean => one.id !== node.id && one.parentId === node.parentId && one.position.x > node.position.x;
  const lacking = Math.max(0, node.position.x + right + GAP - Math.min(...graph.nodes.filter(isRight).map(({ position }) => position.x)));
  const roomy = graph.nodes.map((one) => (isRight(one) ? { ...one, position: { ...one.position, x: one.position.x + lacking } } : one));
  const offset = top.length === 0 ? node.position : { x: node.position.x - corner.x, y: node.position.y - corner.y };
  const fragment = { nodes: child.nodes, edges: child.edges };
  const pasted = pasteFragment({ ...graph, nodes: roomy }, fragment, { offset, inside: node.parentId }, { catalog: tools.definitions, rename: tools.rename });
  const idOf = (one: GraphNode): string => pasted.ids[child.nodes.indexOf(one)] ?? '';
  const [input, output] = [ends.input, ends.output].map((one) => findNode(pasted.graph, idOf(one)));
  if (!input || !output) throw new Error('A pasted node is missing');
  return { graph: pasted.graph, node, input, output, ids: new Set(pasted.ids), tools };
}

const inputOf = ({ data }: GraphNode): unknown => (isPlainObject(data.params) ? data.params.input : undefined);

/** Without the Input node: what reads it reads the values that the Workflow node passed. */
function withoutInput(parts: Parts): Parts {
  const { graph, node, input, output, ids, tools } = parts;
  const passed: Passed = { root: 'input', value: inputOf(node) };
  const after = graph.edges.filter(({ source }) => source === input.id);
  const isLooped = graph.edges.some((edge) => edge.target === node.id && isLoopEdge(edge)) && after.length > 1;
  const steps = graph.nodes.filter(({ id }) => ids.has(id));
  const direct = isLooped || after.some(({ target }) => target === output.id) ? undefined : steps.map((step) => substitutedIn(step, passed, tools.definitions));
  if (direct?.every((step) => step !== undefined)) {
    const nodes = new Map(direct.map((step) => [step.id, step]));
    return withNodes({ ...parts, graph: bypassed(graph, node, input) }, (one) => nodes.get(one.id) ?? one);
  }
  const isRead = steps.some((step) => expressionsOf(step, tools.definitions).some(({ source, kind }) => readsPassed(source, kind, passed)));
  const key = input.data.key;
  const computed = transformOf(input, { key, title: `Input of ${node.data.title}`, value: isRead ? passed.value : {} }, tools.definitions);
  const moved = { ...graph, edges: graph.edges.map((edge) => (edge.target === node.id ? { ...edge, target: computed.id, targetHandle: IN } : edge)) };
  return withNodes({ ...parts, graph: moved }, (one) => (one.id === input.id ? computed : ids.has(one.id) ? readingStep(one, key, tools.definitions) : one));
}

/** A step that reads the input in another step instead. */
function readingStep(step: GraphNode, key: string, definitions: Definitions): GraphNode {
  const reading = substitutedIn(step, { root: 'input', value: `{{ steps.${key} }}` }, definitions);
  return reading ?? refuse(`“${step.data.title}” reads all of the input in a way that can’t be replaced. Read its fields by name first.`);
}

function substitutedIn(step: GraphNode, passed: Passed, definitions: Definitions): GraphNode | undefined {
  let isPossible = true;
  const rewritten = rewriteNode(step, definitions, ({ source, kind }) => {
    const text = substituted(source, kind, passed);
    if (text === undefined) isPossible = false;
    return text ?? source;
  });
  return isPossible ? rewritten : undefined;
}

/** Without the Output node: what reads the Workflow node reads the steps that it passed on. */
function withoutOutput(parts: Parts): Parts {
  const { graph, node, output, ids, tools } = parts;
  const current = findNode(graph, output.id) ?? output;
  const passed: Passed = { root: 'steps', key: node.data.key, value: current.data.params.value };
  const outside = graph.nodes.filter(({ id }) => !ids.has(id) && id !== node.id);
  const direct = isPassedOn(parts) ? undefined : outside.map((one) => substitutedIn(one, passed, tools.definitions));
  if (direct?.every((one) => one !== undefined)) {
    const nodes = new Map(direct.map((one) => [one.id, one]));
    const joined = { ...graph, edges: joinedEdges(graph, node, output) };
    return withNodes({ ...parts, graph: joined }, (one) => (one.id === output.id || one.id === node.id ? undefined : (nodes.get(one.id) ?? one)));
  }
  const computed = transformOf(current, { key: node.data.key, title: node.data.title, value: passed.value }, tools.definitions);
  const moved = { ...graph, edges: graph.edges.map((edge) => (edge.source === node.id ? { ...edge, source: computed.id, sourceHandle: OUT } : edge)) };
  return withNodes({ ...parts, graph: moved }, (one) => (one.id === node.id ? undefined : one.id === output.id ? computed : one));
}

/** Whether the key or the output of the Workflow node matters beyond expressions, or one edge can’t become several. */
function isPassedOn({ graph, node, output, tools }: Parts): boolean {
  const after = graph.edges.filter(({ source }) => source === node.id);
  const targets = after.flatMap(({ target }) => findNode(graph, target) ?? []);
  const container = findNode(graph, containerOf(graph, node.id) ?? '');
  const isResult = after.length === 0 && container !== undefined && tools.definitions(container.type)?.itemResult?.(container.data.params) === '';
  const isLooped = after.some(isLoopEdge) && graph.edges.filter(({ target }) => target === output.id).length > 1;
  const readsPrevious = graph.nodes.some((one) =>
    expressionsOf(one, tools.definitions).some(({ source, kind }) => readsPassed(source, kind, { root: 'previous', key: node.data.key, value: '' })),
  );
  return isResult || isLooped || readsPrevious || targets.some(({ type, data }) => type === 'merge' || data.disabled === true);
}

/** The edges with those into the Input’s node leading to what follows it. */
function bypassed(graph: Graph, node: GraphNode, input: GraphNode): Graph {
  const after = graph.edges.filter(({ source }) => source === input.id);
  const edges = graph.edges.flatMap((edge): GraphEdge[] => {
    if (edge.source === input.id) return [];
    if (edge.target !== node.id) return [edge];
    return after.map(({ target, targetHandle }) => ({ ...edge, id: newId('e'), target, targetHandle: targetHandle ?? IN }));
  });
  return { ...graph, nodes: graph.nodes.filter(({ id }) => id !== input.id), edges };
}

/** The edges with those into the Output leading to what follows the Workflow node. */
function joinedEdges(graph: Graph, node: GraphNode, output: GraphNode): GraphEdge[] {
  const after = graph.edges.filter(({ source }) => source === node.id);
  return graph.edges.flatMap((edge): GraphEdge[] => {
    if (edge.source === node.id) return [];
    if (edge.target !== output.id) return [edge];
    return after.map((next) => ({ ...next, id: newId('e'), source: edge.source, sourceHandle: edge.sourceHandle ?? OUT }));
  });
}

function withNodes(parts: Parts, change: (node: GraphNode) => GraphNode | undefined): Parts {
  return { ...parts, graph: { ...parts.graph, nodes: parts.graph.nodes.flatMap((node) => change(node) ?? []) } };
}

/** A Transform in the place of a node, which computes the fields of a value. */
function transformOf(node: GraphNode, { key, title, value }: { key: string; title: string; value: unknown }, definitions: Definitions): GraphNode {
  if (!isPlainObject(value)) return refuse(`“${title}” is one expression. Write its value as fields first, then put the steps inline.`);
  const fields = Object.entries(value).map(([name, tree]) => ({ name, value: toCel(tree) }));
  const params = { fields: fields.length > 0 ? fields : [{ name: 'done', value: 'true' }] };
  return { ...node, type: 'transform', data: { key, title, typeVersion: definitions('transform')?.version ?? 1, params } };
}

/** Variables and helpers of both. Refuses if they share a name but not the value. */
function sharedParts(graph: Graph, child: Graph, { data }: GraphNode): Pick<Graph, 'vars' | 'helpers'> {
  const [own, more] = [graph.vars ?? {}, child.vars ?? {}];
  const clash = Object.keys(more).find((name) => Object.hasOwn(own, name) && !sameJson(own[name], more[name]));
  if (clash !== undefined) refuse(`This workflow and “${data.title}” have a variable “${clash}” with different values. Rename one.`);
  const helpers = graph.helpers ?? child.helpers;
  if (child.helpers !== undefined && child.helpers !== helpers) refuse(`This workflow and “${data.title}” have different helpers. Move them into one first.`);
  return { vars: { ...own, ...more }, ...(helpers !== undefined && { helpers }) };
}

/** Whatever else can’t be moved shows as a problem that was not there before. */
function refuseNewErrors(before: Graph, after: Graph, definitions: Definitions): void {
  const nameOf = ({ code, field, message }: Problem): string => JSON.stringify([code, field, message]);
  const known = new Set(checkGraph(before, definitions).map(nameOf));
  const [error] = checkGraph(after, definitions).filter((problem) => problem.severity === 'error' && !known.has(nameOf(problem)));
  if (error) refuse(`The steps would have a problem here: ${error.message}`);
}
