import { type Graph, type GraphEdge, type GraphNode, isLoopEdge } from '@switchyard/shared/graph/graph.ts';

/*
 * The semantics once more, written as plainly as they read and independent of the engine: one node at a time, no time, no crashes, no
 * failures but those of the items. S6 for starting and skipping, S1 and S7 for loop edges, S33 and S35 for the items of a for-each node.
 */

type Status = 'succeeded' | 'skipped' | 'failed';

export interface Expected {
  /** Status by step ID, for every step that started or was skipped. Without the steps of items that fail, and of what they stop. */
  readonly steps: Map<string, Status>;
  /** The output of each for-each step that succeeds. */
  readonly outputs: Map<string, unknown>;
  /** The steps of last rounds. No loop edge can cut them off. */
  readonly last: Set<string>;
  /** The items that fail. */
  readonly failed: Set<string>;
  /** The steps that would perform an effect in a replay (S82a), and the for-each steps that wait for one. */
  readonly stopped: Set<string>;
}

/** The top level, or an item. */
interface Frame {
  readonly id: string | undefined;
  readonly container: string | undefined;
  readonly index: number;
}

interface Place {
  round: number;
  /** Started by a loop edge. */
  forced: boolean;
  settled?: Status | undefined;
  isStopped?: boolean;
  port?: string | undefined;
  output?: unknown;
  /** What the items of a for-each node found. */
  inner?: Expected;
}

interface Ended {
  /** Undefined: it stops, or waits for an item that does. */
  readonly settled: Status | undefined;
  readonly port?: string | undefined;
  readonly output?: unknown;
  readonly inner?: Expected;
}

const nothing = (): Expected => ({ steps: new Map(), outputs: new Map(), last: new Set(), failed: new Set(), stopped: new Set() });

function add(to: Expected, { steps, outputs, last, failed, stopped }: Expected, isLast: boolean): void {
  for (const id of stopped) to.stopped.add(id);
  for (const [id, status] of steps) to.steps.set(id, status);
  for (const [id, output] of outputs) to.outputs.set(id, output);
  for (const id of failed) to.failed.add(id);
  if (isLast) for (const id of last) to.last.add(id);
}

/** The expected outcome of every step once the run is over. `stops`: the nodes that a replay must not run. */
export const expected = (graph: Graph, workflows: Workflows = {}, stops: ReadonlySet<string> = new Set()): Expected =>
  runFrame({ graph, workflows, stops }, TOP).found;

/** The workflows that steps start as child runs, by ID. */
type Workflows = Readonly<Record<string, Graph>>;
interface Whole {
  readonly graph: Graph;
  readonly workflows: Workflows;
  readonly stops: ReadonlySet<string>;
}
const TOP: Frame = { id: undefined, container: undefined, index: 0 };

/** Runs everything in a frame. `isOver`: an error ended it. */
function runFrame(whole: Whole, frame: Frame): { found: Expected; isOver: boolean; result: unknown; reply: unknown } {
  const { graph } = whole;
  const found = nothing();
  const nodes = graph.nodes.filter(({ parentId }) => parentId === frame.container);
  const places = new Map<string, Place>(nodes.map((node) => [node.id, { round: 1, forced: false }]));
  const forward = graph.edges.filter((edge) => places.has(edge.source) && !isLoopEdge(edge));
  const back = graph.edges.filter((edge) => places.has(edge.source) && isLoopEdge(edge));
  const taken = new Set<string>();
  let isOver = false;
  const idOf = (node: GraphNode, round: number): string => `${frame.id === undefined ? '' : `${frame.id}/`}${node.id}#${round}`;
  const isLive = (edge: GraphEdge): boolean => {
    const place = places.get(edge.source);
    if (place?.settled === 'failed') return edge.sourceHandle === 'error';
    if (place?.settled !== 'succeeded') return false;
    return place.port === undefined ? edge.sourceHandle === 'out' : edge.sourceHandle === place.port;
  };

  const settleOne = (): boolean => {
    for (const node of nodes) {
      const place = places.get(node.id);
      if (!place || place.settled || place.isStopped) continue;
      const ways = forward.filter((edge) => edge.target === node.id);
      if (!place.forced && !ways.every((edge) => places.get(edge.source)?.settled)) continue;
      const runs = place.forced || node.type === 'start' || (frame.id !== undefined && ways.length === 0) || ways.some(isLive);
      const id = idOf(node, place.round);
      const from = ways.filter(isLive).map(({ source }) => source);
      const ended: Ended = runs ? outcomeOf(whole, node, { id, frame, round: place.round, from: from.sort() }) : { settled: 'skipped' };
      Object.assign(place, ended);
      if (ended.settled) found.steps.set(id, ended.settled);
      else found.stopped.add(id);
      place.isStopped = !ended.settled;
      if (node.type === 'workflow' && ended.settled === 'succeeded') found.outputs.set(id, ended.output);
      if (ended.inner) add(found, ended.inner, false);
      isOver = ended.settled === 'failed' && node.data.policy?.onError !== 'branch';
      return !isOver;
    }
    return false;
  };

  const goBack = (): boolean => {
    for (const edge of back.filter(isLive)) {
      const name = `${edge.id} ${places.get(edge.source)?.round}`;
      if (taken.has(name)) continue;
      taken.add(name);
      for (const id of reach(graph, edge.target)) {
        const place = places.get(id);
        if (place) places.set(id, { round: place.round + 1, forced: id === edge.target });
      }
      return true;
    }
    return false;
  };

  while (settleOne() || (!isOver && goBack())) {
    // Until nothing is left to do.
  }
  for (const node of nodes) {
    const place = places.get(node.id);
    if (!place?.settled) continue;
    found.last.add(idOf(node, place.round));
    if (place.inner) add(found, place.inner, true);
  }
  const ends = nodes.filter(({ id }) => !forward.some((edge) => edge.source === id));
  const end = places.get('end');
  return { found, isOver, result: resultOf(ends, places), reply: end?.settled === 'succeeded' ? end.output : null };
}

/** The output of the last node of an item, or the outputs of several by key (S35). */
function resultOf(ends: readonly GraphNode[], places: ReadonlyMap<string, Place>): unknown {
  const outputs = ends.flatMap(({ id }) => (places.get(id)?.settled === 'succeeded' ? [[id, places.get(id)?.output] as const] : []));
  return ends.length === 1 ? (outputs[0]?.[1] ?? null) : Object.fromEntries(outputs);
}

interface Start {
  readonly id: string;
  readonly frame: Frame;
  readonly round: number;
  /** The keys of the nodes whose outputs arrive. */
  readonly from: readonly string[];
}

function outcomeOf(whole: Whole, node: GraphNode, { id, frame, round, from }: Start): Ended {
  const { params } = node.data;
  if (whole.stops.has(node.id)) return { settled: undefined };
  switch (node.type) {
    case 'each':
      return runItems(whole, node, id);
    case 'workflow':
      return runChild(whole, String(params.workflow));
    case 'callback':
      return { settled: 'succeeded', output: { got: null } };
    case 'fault':
      return frame.index % (params.every as number) === 0 ? { settled: 'failed' } : { settled: 'succeeded', output: { passed: frame.index } };
    case 'review':
      return { settled: 'succeeded', port: 'approve', output: { decided: { decision: 'approve' } } };
    case 'branch':
      return branch(params, round + (params.by ? frame.index : 0), round);
    case 'pure':
      return { settled: 'succeeded', output: { round, from } };
    case 'pause':
      return { settled: 'succeeded', output: { waited: round } };
    case 'large':
      return { settled: 'succeeded', output: { text: 'x'.repeat(2000) } };
    case 'call':
      return { settled: 'succeeded', output: { answers: Array.from({ length: params.calls as number }, (_, number) => `http://outside/${number}`) } };
    case 'end':
      return { settled: 'succeeded', output: { end: node.id, from } };
    default:
      return { settled: 'succeeded' };
  }
}

function branch(params: GraphNode['data']['params'], turn: number, round: number): Ended {
  const choices = params.choices as string[];
  return { settled: 'succeeded', port: choices[Math.min(turn, choices.length) - 1], output: { chosen: round } };
}

/** The output of a child run, without loops, is that of its end. An end that marks it as failed fails the step. */
function runChild({ workflows }: Whole, id: string): Ended {
  const graph = workflows[id] as Graph;
  const { isOver, reply } = runFrame({ graph, workflows, stops: new Set() }, TOP);
  const isFailure = graph.nodes.some(({ type, data }) => type === 'end' && data.params.outcome === 'failure');
  return isOver || (isFailure && reply !== null) ? { settled: 'failed' } : { settled: 'succeeded', output: { child: reply } };
}

function runItems(whole: Whole, node: GraphNode, id: string): Ended {
  const { count, onItemError } = node.data.params as { count: number; onItemError: string };
  const inner = nothing();
  const items: unknown[] = [];
  const failed: number[] = [];
  for (let index = 0; index < count; index++) {
    const item = runFrame(whole, { id: `${id}[${index}]`, container: node.id, index });
    if (!item.isOver) add(inner, item.found, true);
    else failed.push(index);
    items.push(item.isOver ? null : item.result);
  }
  // Where the first failure stops the others, the order in time decides which item it is, and how far the others get.
  if (onItemError === 'stop' && failed.length > 0) return { settled: 'failed' };
  for (const index of failed) inner.failed.add(`${id}[${index}]`);
  if (inner.stopped.size > 0) return { settled: undefined, inner };
  const output = { items, failed, count, succeeded: count - failed.length };
  inner.outputs.set(id, output);
  return { settled: 'succeeded', output, inner };
}

function reach(graph: Graph, from: string): Set<string> {
  const found = new Set([from]);
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const edge of graph.edges) if (!isLoopEdge(edge) && found.has(edge.source)) found.add(edge.target);
  }
  return found;
}
