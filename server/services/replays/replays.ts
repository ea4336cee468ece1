import type { BodyOf, QueryOf, ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import {
  type listReplays as listContract,
  type listReplayedRuns as listRunsContract,
  type Mark,
  OUTCOMES,
  type Outcome,
  type Replay,
  type ReplayedRun,
  type startReplay as startContract,
} from '@switchyard/shared/contracts/evaluation/replays.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { isReference } from '@switchyard/shared/files/stored-value.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { nameOfItem } from '@switchyard/shared/run/item-name.ts';
import { type ReplayRecord, type ReplayResultRecord, replayResults, replays } from '../../store/evaluation/replay-collections.ts';
import { findAll } from '../../store/find-all.ts';
import { actorOf } from '../caller.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { newId } from '../ids.ts';
import { runnable } from '../runs/start-run.ts';
import { loadFrozenGraph } from '../workflows/frozen-graph.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { chooseRuns, isReplayable, wholeRun } from './choose-runs.ts';
import { refuseOldBuilds } from './stand-in-run.ts';

type Paged<C> = Omit<QueryOf<C>, 'limit'> & { readonly limit: number };

/* Replays of many runs on one version (S82a): created here, driven by the job. */

/** Creates a replay. Its runs and its graph are fixed here. Throws `bad-request` if there is no run to replay. */
export async function startReplay(context: ServiceContext, { workflowId, runs, version, maxCostMicros }: BodyOf<typeof startContract>): Promise<Replay> {
  refuseOldBuilds(context);
  const workflow = await getWorkflowRecord(context, workflowId);
  const { number, hash } = await runnable(context, workflow, version);
  const sources = await chooseRuns(context, { workflowId, runs });
  if (sources.length === 0)
    throw new AppError('bad-request', 'No ended live run matches, so there is nothing to replay.', { fields: [{ path: 'runs', message: 'must match a run' }] });
  const at = timestamp(context);
  const record: ReplayRecord = {
    id: newId('replay', context.now()),
    workspaceId: context.workspaceId,
    workflowId,
    version: number,
    graphHash: hash,
    sources: sources.map(({ id }) => id),
    maxCostMicros,
    status: 'running',
    createdAt: at,
    endedAt: null,
    openSince: at,
    actor: actorOf(context.caller),
  };
  await context.store.insert(replays, record);
  return replayView(record, []);
}

export async function getReplay(context: ServiceContext, id: string): Promise<Replay> {
  const record = await replayRecord(context, id);
  return replayView(record, await resultsOf(context, id));
}

export async function listReplays(context: ServiceContext, { workflowId, limit, cursor }: Paged<typeof listContract>): Promise<ReplyOf<typeof listContract>> {
  const page = await context.store.find(replays, {
    ...(workflowId !== undefined && { where: { workflowId } }),
    order: { field: 'createdAt', descending: true },
    limit: Math.min(limit, MOST_LISTED),
    ...(cursor !== undefined && { cursor }),
  });
  const items = await Promise.all(page.items.map(async (record) => replayView(record, await resultsOf(context, record.id))));
  return { items: items.map(({ nodes: _nodes, paths: _paths, ...rest }) => rest), nextCursor: page.nextCursor };
}

/** Each reads its results. */
const MOST_LISTED = 10;

export async function listReplayedRuns(
  context: ServiceContext,
  id: string,
  { limit, cursor, outcome }: Paged<typeof listRunsContract>,
): Promise<ReplyOf<typeof listRunsContract>> {
  await replayRecord(context, id);
  const rank = outcome && OUTCOMES.indexOf(outcome);
  const page = await context.store.find(replayResults, {
    where: { replayId: id },
    ...(rank !== undefined && { range: { field: 'place', from: `${rank}:`, to: `${rank}:~` } }),
    order: { field: 'place' },
    limit,
    ...(cursor !== undefined && { cursor }),
  });
  return { items: await Promise.all(page.items.map((result) => resultView(context, result))), nextCursor: page.nextCursor };
}

async function resultView(context: ServiceContext, result: ReplayResultRecord): Promise<ReplayedRun> {
  const { index, sourceId, runId, outcome, what, code, nodeKey, costBefore, costAfter, nodes } = result;
  const source = await wholeRun(context, sourceId);
  const body = source && isReplayable(source) ? source.triggerData.body : undefined;
  // A large input is stored elsewhere.
  const title = isReference(body) ? null : (nameOfItem(body) ?? null);
  const differing = nodes.flatMap((node) => (node.mark ? [node.nodeKey] : []));
  return { index, sourceId, title, runId, outcome, what, code, nodeKey, costBefore, costAfter, nodes: differing };
}

/** The graph that runs are replayed on. */
export async function getReplayGraph(context: ServiceContext, id: string): Promise<Graph> {
  return (await loadFrozenGraph(context, (await replayRecord(context, id)).graphHash)).graph;
}

/** Cancels a replay. Runs in progress end, and the rest is not replayed. */
export async function cancelReplay(context: ServiceContext, id: string): Promise<Replay> {
  const record = await replayRecord(context, id);
  await context.store.update(
    replays,
    id,
    { status: 'cancelled', endedAt: timestamp(context), openSince: null, ...(record.shadowSince && { shadowSince: null }) },
    { equal: { status: 'running' } },
  );
  return getReplay(context, id);
}

async function replayRecord({ store }: ServiceContext, id: string): Promise<ReplayRecord> {
  const record = await store.get(replays, id);
  if (!record) throw new AppError('not-found', `Replay “${id}” not found.`);
  return record;
}

const resultsOf = ({ store }: ServiceContext, replayId: string): Promise<ReplayResultRecord[]> => findAll(store, replayResults, { where: { replayId } });

function replayView(record: ReplayRecord, results: readonly ReplayResultRecord[]): Replay {
  const { id, workflowId, version, status, createdAt, endedAt, maxCostMicros, sources, shadowSince } = record;
  const isShadow = shadowSince !== undefined;
  const outcomes = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  const paths = new Map<string, number>();
  const count = (name: string, by: number): void => void paths.set(name, (paths.get(name) ?? 0) + by);
  const cost = { before: 0, after: 0, spent: 0, max: maxCostMicros };
  const calls = { recorded: 0, asked: 0 };
  for (const result of results) {
    outcomes[result.outcome]++;
    cost.spent += result.spentMicros;
    calls.recorded += result.recorded;
    calls.asked += result.asked;
    // A run that stopped early costs less, which says nothing.
    if (result.outcome === 'same' || result.outcome === 'words' || result.outcome === 'different') {
      cost.before += result.costBefore;
      cost.after += result.costAfter;
    }
    for (const path of result.onlyAfter) count(path, 1);
    for (const path of result.onlyBefore) count(path, -1);
  }
  return {
    id,
    workflowId,
    version,
    status,
    isShadow,
    counts: { total: isShadow ? results.length : sources.length, done: results.length, ...outcomes },
    cost,
    calls,
    nodes: countNodes(results),
    paths: [...paths].flatMap(([path, runs]) => (runs === 0 ? [] : [{ path, runs }])),
    createdAt,
    endedAt,
  };
}

function countNodes(results: readonly ReplayResultRecord[]): Replay['nodes'] {
  const found = new Map<string, { before: number; after: number; marks: Map<Mark, number> }>();
  for (const { nodeKey, before, after, mark } of results.flatMap(({ nodes }) => nodes)) {
    const node = found.get(nodeKey) ?? { before: 0, after: 0, marks: new Map<Mark, number>() };
    found.set(nodeKey, node);
    if (before) node.before++;
    if (after) node.after++;
    if (mark) node.marks.set(mark, (node.marks.get(mark) ?? 0) + 1);
  }
  return [...found].map(([nodeKey, { before, after, marks }]) => ({ nodeKey, before, after, marks: [...marks].map(([mark, runs]) => ({ mark, runs })) }));
}
