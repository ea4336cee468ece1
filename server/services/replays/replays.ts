import type { BodyOf, QueryOf, ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import {
  type listReplays as listContract,
  type listReplayedRuns as listRunsContract,
  OUTCOMES,
  type Outcome,
  type Replay,
  type startReplay as startContract,
} from '@switchyard/shared/contracts/evaluation/replays.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type ReplayRecord, type ReplayResultRecord, replayResults, replays } from '../../store/evaluation/replay-collections.ts';
import { findAll } from '../../store/find-all.ts';
import { actorOf } from '../caller.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { newId } from '../ids.ts';
import { runnable } from '../runs/start-run.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { chooseRuns } from './choose-runs.ts';
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
  const items = page.items.map(({ index, sourceId, runId, outcome: found, what, code, nodeKey, costBefore, costAfter, nodes }) => {
    return { index, sourceId, runId, outcome: found, what, code, nodeKey, costBefore, costAfter, nodes };
  });
  return { items, nextCursor: page.nextCursor };
}

/** Cancels a replay. Runs in progress end, and the rest is not replayed. */
export async function cancelReplay(context: ServiceContext, id: string): Promise<Replay> {
  await context.store.update(replays, id, { status: 'cancelled', endedAt: timestamp(context), openSince: null }, { equal: { status: 'running' } });
  return getReplay(context, id);
}

async function replayRecord({ store }: ServiceContext, id: string): Promise<ReplayRecord> {
  const record = await store.get(replays, id);
  if (!record) throw new AppError('not-found', `Replay “${id}” not found.`);
  return record;
}

const resultsOf = ({ store }: ServiceContext, replayId: string): Promise<ReplayResultRecord[]> => findAll(store, replayResults, { where: { replayId } });

function replayView(record: ReplayRecord, results: readonly ReplayResultRecord[]): Replay {
  const { id, workflowId, version, status, createdAt, endedAt, maxCostMicros, sources } = record;
  const outcomes = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  const [nodes, paths] = [new Map<string, number>(), new Map<string, number>()];
  const count = (counts: Map<string, number>, name: string, by: number): void => void counts.set(name, (counts.get(name) ?? 0) + by);
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
    for (const key of result.nodes) count(nodes, key, 1);
    for (const path of result.onlyAfter) count(paths, path, 1);
    for (const path of result.onlyBefore) count(paths, path, -1);
  }
  return {
    id,
    workflowId,
    version,
    status,
    counts: { total: sources.length, done: results.length, ...outcomes },
    cost,
    calls,
    nodes: [...nodes].map(([nodeKey, runs]) => ({ nodeKey, runs })),
    paths: [...paths].flatMap(([path, runs]) => (runs === 0 ? [] : [{ path, runs }])),
    createdAt,
    endedAt,
  };
}
