import { AppError } from '@switchyard/shared/errors.ts';
import { checkInParts } from '@switchyard/shared/graph/check.ts';
import { containmentOf } from '@switchyard/shared/graph/containment.ts';
import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { reachOf } from '@switchyard/shared/graph/reach.ts';
import { topologyOf } from '@switchyard/shared/graph/topology.ts';
import { stepId } from '@switchyard/shared/run/address.ts';
import { type Fault, faultsOf } from '@switchyard/shared/run/faults.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { currentStep, type RunState } from '@switchyard/shared/run/state.ts';
import { type RunRecord, runs, type WorkflowRecord } from '../../store/collections.ts';
import { inTurns } from '../../turns.ts';
import type { ServiceContext } from '../context.ts';
import type { EnteredRun } from '../policies/enter-run.ts';
import { copyTokens } from '../policies/token-vault.ts';
import { type FrozenGraph, freezeGraph, refuseErrors, refuseProblems } from '../workflows/frozen-graph.ts';
import { readEvents } from './journal-events.ts';
import { loadValue } from './load-value.ts';

/* Runs of a part of the draft with the data of an earlier run, and runs that are broken on purpose (S78a). */

/** How much of the draft to run. */
export interface Extent {
  readonly only?: string | undefined;
  readonly from?: string | undefined;
  readonly input?: unknown;
}

export interface PartialRun extends FrozenGraph {
  readonly input: unknown;
  /** The run whose data is used, and the step to start at. Undefined if the nodes up to `only` run with a new input. */
  readonly rerun: { readonly runId: string; readonly from: string } | undefined;
}

/** Runs of the draft whose data is considered, newest first. */
const MOST_RUNS = 10;

const refuse = (path: string, message: string): never => {
  throw new AppError('bad-request', message, { fields: [{ path, message }] });
};

/** The draft to run in part, and the run to take data from. Undefined for a whole run. */
export async function partialRun(context: ServiceContext, workflow: WorkflowRecord, { only, from, input }: Extent): Promise<PartialRun | undefined> {
  if (only === undefined && from === undefined) return undefined;
  if (only !== undefined && from !== undefined) return refuse('from', 'Send “only” or “from”, not both.');
  if (from !== undefined && input !== undefined) return refuse('input', '“from” uses the data of the last run. Leave out “input”.');
  const path = only === undefined ? 'from' : 'only';
  const node = nodeToRun(context, workflow.draft, only ?? from ?? '', path);
  if (only === undefined) await refuseProblems(context, workflow.draft, 'run');
  const frozen = await freezeGraph(context, only === undefined ? workflow.draft : await runnableUpTo(context, workflow.draft, node));
  if (input !== undefined) return { ...frozen, input, rerun: undefined };
  const earlier = await runWithData(context, workflow, node);
  if (!earlier) return refuse(path, 'This workflow has no draft run to take data from. Run it once, or send “input”.');
  return { ...frozen, input: await loadValue(context, earlier.triggerData.body), rerun: { runId: earlier.id, from: stepId(node.data.key, 1) } };
}

/** The draft, with nodes that have errors and don’t run disabled. Throws `graph-has-problems` for errors of nodes that run. */
async function runnableUpTo(context: ServiceContext, draft: Graph, only: GraphNode): Promise<Graph> {
  const topology = topologyOf(draft);
  const part = reachOf(topology).before(only.id);
  const { containerOf } = containmentOf(draft, ({ type }) => context.catalog(type)?.role === 'container');
  const isIn = (id: string): boolean => id === only.id || part.has(id);
  const runs = (id: string): boolean => isIn(id) || isIn(containerOf(id) ?? id);
  if (!draft.nodes.some(({ id, type }) => context.catalog(type)?.role === 'start' && runs(id)))
    refuse('only', `“${only.data.title}” can’t be reached from the input, so it never runs.`);
  const problems = (await inTurns(checkInParts(draft, context.catalog))).filter(({ severity }) => severity === 'error');
  const isElsewhere = ({ nodeId, code }: Problem): boolean => nodeId !== '' && code !== 'unknown-node-type' && !runs(nodeId);
  refuseErrors(
    problems.filter((problem) => !isElsewhere(problem)),
    'run',
  );
  const broken = new Set(problems.map(({ nodeId }) => nodeId));
  return { ...draft, nodes: draft.nodes.map((node) => (broken.has(node.id) ? { ...node, data: { ...node.data, disabled: true } } : node)) };
}

function nodeToRun({ catalog }: ServiceContext, draft: Graph, key: string, path: string): GraphNode {
  const node = draft.nodes.find(({ data }) => data.key === key);
  if (!node) return refuse(path, `The draft has no node “${key}”.`);
  const around = containmentOf(draft, ({ type }) => catalog(type)?.role === 'container').containerOf(node.id);
  const container = around !== undefined && draft.nodes.find(({ id }) => id === around);
  if (container) return refuse(path, `“${node.data.title}” runs once per item. Run “${container.data.title}” instead.`);
  return node;
}

/** The newest draft run that has data of what leads to a node, or else the newest one. */
async function runWithData({ store }: ServiceContext, { id, draft }: WorkflowRecord, node: GraphNode): Promise<RunRecord | undefined> {
  const where = { workflowId: id, versionText: 'draft' };
  const { items } = await store.find(runs, { where, order: { field: 'createdAt', descending: true }, limit: MOST_RUNS });
  const usable = items.filter(({ payloadsRemovedAt, triggerData, parent }) => payloadsRemovedAt === undefined && triggerData.sealed === undefined && !parent);
  const { incoming, nodes } = topologyOf(draft);
  const sources = (incoming.get(node.id) ?? []).flatMap(({ source }) => nodes.get(source)?.data.key ?? []);
  for (const run of usable) {
    const state = fold(await readEvents(store, run.id));
    if (sources.some((key) => hasData(state, key))) return run;
  }
  return usable[0];
}

const hasData = (state: RunState, key: string): boolean => {
  const step = currentStep(state, key);
  return step?.status === 'succeeded' || step?.handled === true;
};

/** The tokens of the earlier run are also those of this one. */
export async function takeTokens({ store, policies, workspaceId }: ServiceContext, { rerun }: PartialRun, { id }: EnteredRun): Promise<void> {
  if (rerun && id !== undefined) await copyTokens(store, policies.secrets, rerun.runId, { runId: id, workspaceId });
}

/** Throws `bad-request` if a fault can never happen. */
export function refuseFaults(draft: Graph, faults: readonly Fault[]): void {
  for (const [at, { nodeKey, kind }] of faults.entries()) {
    const node = draft.nodes.find(({ data }) => data.key === nodeKey);
    const known = node ? faultsOf(node.type) : [];
    if (!node) refuse(`faults.${at}.nodeKey`, `The draft has no node “${nodeKey}”.`);
    else if (known.length === 0) refuse(`faults.${at}.kind`, `“${node.data.title}” makes no model call and no HTTP request, so it can’t be broken.`);
    else if (!known.includes(kind)) refuse(`faults.${at}.kind`, `“${node.data.title}” can have these faults: ${known.join(', ')}.`);
  }
}
