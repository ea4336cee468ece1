import type * as contracts from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { type Added, type DatasetItem, type ItemSource, MOST_ITEM_BYTES, type NewItem } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { AppError, toAppError } from '@switchyard/shared/errors.ts';
import { hasStandIns } from '@switchyard/shared/evaluation/stand-ins.ts';
import { blobOf, isFilesRef } from '@switchyard/shared/files/stored-value.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import type { z } from 'zod';
import { type RunRecord, reviews, runs } from '../../store/collections.ts';
import { ownTurn } from '../../turns.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { getRunRecord, refuseRemoved } from '../runs/get-run.ts';
import { findRuns } from '../runs/list-runs.ts';
import { loadValue } from '../runs/load-value.ts';
import { datasetOf } from './datasets.ts';
import { addMissing, type ItemToAdd } from './import-items.ts';
import { BY_HAND } from './item-record.ts';
import { addItem, demandRoom } from './items.ts';
import { removeItemsOfRun } from './removed-items.ts';

/* Runs as items: their input, and what came out as the expected value. Values that a run doesn’t keep are never copied (S66). */

type Body = z.output<(typeof contracts.addItemsFromRun)['body']>;

/** Runs that a random sample is drawn from. */
const MOST_READ = 5_000;
const PAGE = 500;

export async function addFromRun(context: ServiceContext, datasetId: string, body: Body): Promise<DatasetItem | Added> {
  await datasetOf(context, datasetId);
  if (body.runs) return addFromRuns(context, datasetId, body, body.runs);
  const { item, source, sourceKey } = await itemOfRun(context, await getRunRecord(context, body.runId ?? ''), body);
  const added = await addItem(context, datasetId, item, { source, sourceKey });
  await removeIfGone(context, source.runId);
  return added;
}

async function addFromRuns(context: ServiceContext, datasetId: string, body: Body, wanted: NonNullable<Body['runs']>): Promise<Added> {
  const ids = await sampledRuns(context, wanted);
  await demandRoom(context.store, datasetId, ids.length);
  const items: ItemToAdd[] = [];
  const problems: Added['problems'] = [];
  for (const id of ids) {
    await ownTurn();
    try {
      items.push(await itemOfRun(context, await getRunRecord(context, id), body));
    } catch (thrown) {
      const { code, message } = toAppError(thrown);
      if (!['payload-removed', 'too-large', 'bad-request', 'not-found'].includes(code)) throw thrown;
      if (problems.length < 50) problems.push({ place: id, message });
    }
  }
  const added = await addMissing(context, datasetId, items);
  for (const { source } of items) await removeIfGone(context, source.runId);
  return { ...added, problems: [...problems, ...added.problems] };
}

/** The IDs of runs that ended and match. Runs of experiments, replays, and shadow runs only if they are asked for. */
async function sampledRuns(context: ServiceContext, { count, sample, ...filter }: NonNullable<Body['runs']>): Promise<string[]> {
  const found: string[] = [];
  const most = sample === 'random' ? MOST_READ : count;
  let cursor: string | undefined;
  do {
    const page = await findRuns(context, { ...filter, parent: undefined, limit: PAGE, cursor }, ['endedAt', 'trigger', 'payloadsRemovedAt', 'status']);
    const usable = page.items.filter(
      (run) => run.endedAt !== null && run.payloadsRemovedAt === undefined && (filter.trigger !== undefined || !hasStandIns(run.trigger)),
    );
    found.push(...usable.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && found.length < most);
  return (sample === 'random' ? shuffled(found.slice(0, most)) : found).slice(0, count);
}

/** In random order (Fisher–Yates). */
function shuffled<T>(given: readonly T[]): T[] {
  const list = [...given];
  for (let last = list.length - 1; last > 0; last--) {
    const at = Math.floor(Math.random() * (last + 1));
    [list[last], list[at]] = [list[at] as T, list[last] as T];
  }
  return list;
}

/** Throws `bad-request` for an open run, `payload-removed`, and `too-large`. */
async function itemOfRun(context: ServiceContext, run: RunRecord, { expected, tags }: Body): Promise<ItemToAdd> {
  if (!isEnded(run.status)) throw new AppError('bad-request', 'This run hasn’t ended yet. Add it once it has.');
  const input = await inputOfRun(context, run);
  const hasOutput = expected === 'output' && run.status === 'succeeded';
  const source: ItemSource = { ...BY_HAND, kind: 'run', runId: run.id, workflowId: run.workflowId };
  const item: NewItem = {
    input,
    ...(hasOutput && { expected: await loadedValue(context, run.output ?? null) }),
    ...(await decisionOf(context, run.id)),
    tags,
  };
  return { place: run.id, item, source, sourceKey: sourceKeyOf(run) };
}

/** What the split of all items of a run is drawn from. */
export const sourceKeyOf = ({ id }: Pick<RunRecord, 'id'>): string => `run:${id}`;

/** The input of a run, for an item. Throws `payload-removed`, `too-large`, and `bad-request` if it has files. */
export async function inputOfRun(context: ServiceContext, run: RunRecord): Promise<unknown> {
  refuseRemoved(run);
  const policy = run.policy === undefined ? undefined : await context.policies.byHash(context.store, run.policy);
  if (policy?.removesPayloads) throw new AppError('payload-removed', 'The data policy of this run doesn’t keep its values.');
  return loadedValue(context, run.triggerData.body ?? null);
}

async function loadedValue(context: ServiceContext, stored: unknown): Promise<unknown> {
  if (isFilesRef(stored)) throw new AppError('bad-request', 'This run has files. Dataset items can’t have files.');
  const blob = blobOf(stored);
  if (blob && blob.bytes > MOST_ITEM_BYTES) throw new AppError('too-large', `A value of the run has more than ${MOST_ITEM_BYTES / 1_000} KB.`);
  return loadValue(context, stored);
}

/** How the run’s review was decided, if it had exactly one. */
async function decisionOf({ store }: ServiceContext, runId: string): Promise<Pick<NewItem, 'decision'>> {
  const { items } = await store.find(reviews, { where: { runId }, limit: 2 });
  const decided = items.length === 1 ? items[0]?.decision : undefined;
  if (!decided) return {};
  return { decision: { decision: decided.decision, values: { ...decided.values } } };
}

/** The data of the run may have been removed while it was copied. */
export async function removeIfGone(context: ServiceContext, runId: string | null): Promise<void> {
  if (runId === null) return;
  const run = await context.store.get(runs, runId);
  if (!run || run.payloadsRemovedAt !== undefined) await removeItemsOfRun(context.store, runId, timestamp(context));
}
