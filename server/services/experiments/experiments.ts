import type {
  continueExperiment as continueContract,
  Experiment,
  ExperimentResult,
  ExperimentResultValues,
  listExperiments as listContract,
  listExperimentResults as listResultsContract,
} from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { isRemoved } from '@switchyard/shared/run/removed.ts';
import type { z } from 'zod';
import { runs } from '../../store/collections.ts';
import { type ExperimentRecord, experimentResults, experiments } from '../../store/evaluation/experiment-collections.ts';
import type { Page } from '../../store/port.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { loadValue } from '../runs/load-value.ts';
import { itemReader } from './experiment-items.ts';
import { experimentRecordOf, experimentView, resultView } from './experiment-view.ts';
import { WAITING_RANK } from './item-result.ts';
import { readTally, resultId, resultsOf } from './results.ts';

/** Newest first. */
export async function listExperiments({ store }: ServiceContext, query: z.output<typeof listContract.query>): Promise<Page<Experiment>> {
  const { items, nextCursor } = await store.find(experiments, {
    ...(query.datasetId !== undefined && { where: { datasetId: query.datasetId } }),
    order: { field: 'createdAt', descending: true },
    limit: query.limit,
    ...(query.cursor !== undefined && { cursor: query.cursor }),
  });
  return { items: items.map(experimentView), nextCursor };
}

/** Throws `not-found`. */
export const getExperiment = async ({ store }: ServiceContext, id: string): Promise<Experiment> => experimentView(await experimentRecordOf(store, id));

/** Results so far. Throws `not-found`. */
export async function listExperimentResults(
  { store }: ServiceContext,
  id: string,
  { status, waiting, order, limit, cursor }: z.output<typeof listResultsContract.query>,
): Promise<Page<ExperimentResult>> {
  await experimentRecordOf(store, id);
  const { items, nextCursor } = await store.find(experimentResults, {
    where: { experimentId: id, ...(status && { status }), ...(waiting && { rank: WAITING_RANK }) },
    ...(order === 'worst' && { order: { field: 'rank' } }),
    limit,
    ...(cursor !== undefined && { cursor }),
  });
  return { items: items.map(resultView), nextCursor };
}

/** One result with its values. Throws `not-found`. */
export async function getExperimentResult(context: ServiceContext, id: string, index: number, trial = 0): Promise<ExperimentResultValues> {
  const { store } = context;
  const record = await experimentRecordOf(store, id);
  const result = await store.get(experimentResults, resultId(id, index));
  if (!result) throw new AppError('not-found', `Item ${index + 1} of “${record.name}” has no result yet.`);
  const output = await outputOf(context, result.trials[trial]?.runId);
  const { input, expected } = await itemReader(context, record)(index);
  return {
    result: resultView(result),
    input,
    ...(expected !== undefined && { expected }),
    ...(output !== undefined && { output }),
  };
}

/** What a trial’s run returned. Undefined if it has no output, or its data was removed. */
export async function outputOf(context: ServiceContext, runId: string | null | undefined): Promise<unknown> {
  const run = runId ? await context.store.get(runs, runId) : undefined;
  return run?.endedAt && run.triggerData.sealed === undefined && !isRemoved(run.output) ? loadValue(context, run.output) : undefined;
}

const isOpen = ({ status }: ExperimentRecord): boolean => status === 'queued' || status === 'running' || status === 'paused';

/** Items in progress are finished. Canceling twice is the same as once. Throws `not-found`, and `already-decided` if it has ended. */
export async function cancelExperiment(context: ServiceContext, id: string): Promise<Experiment> {
  const { store, workspaceId } = context;
  for (;;) {
    const record = await experimentRecordOf(store, id);
    if (record.status === 'cancelled') return experimentView(record);
    if (!isOpen(record)) throw new AppError('already-decided', `The experiment has already ${record.status}.`);
    const changes = { status: 'cancelled' as const, pause: null, endedAt: timestamp(context) };
    const changed = await store.update(experiments, id, changes, { equal: { status: record.status } });
    if (!changed) continue;
    context.changed.experiments(workspaceId);
    return experimentView(changed);
  }
}

/**
 * Continues with the items that are open, and runs those again that failed for a reason that can pass. Throws `not-found`, `already-decided` if
 * it is running, `bad-request` if nothing is left to do.
 */
export async function continueExperiment(context: ServiceContext, id: string, body: z.output<typeof continueContract.body>): Promise<Experiment> {
  const { store, workspaceId } = context;
  const record = await experimentRecordOf(store, id);
  if (record.status === 'queued' || record.status === 'running') throw new AppError('already-decided', 'The experiment is already running.');
  const again: string[] = [];
  for await (const result of resultsOf(store, id, { mayPass: 1 })) again.push(result.id);
  const { counts } = (await readTally(store, record)).summary();
  if (again.length === 0 && counts.graded + counts.errored + counts.stopped >= record.items) {
    throw new AppError('bad-request', 'Every item already has a result. To run them again, create a new experiment.');
  }
  const limit = body?.maxCostMicros === undefined ? {} : { maxCostMicros: body.maxCostMicros };
  for (const result of again) await store.delete(experimentResults, result);
  const summary = (await readTally(store, record)).summary();
  const changes = { status: 'queued' as const, pause: null, error: null, endedAt: null, summary, ...limit };
  const changed = await store.update(experiments, id, changes, { equal: { status: record.status } });
  if (!changed) throw new AppError('already-decided', 'The experiment was continued or canceled elsewhere.');
  context.changed.experiments(workspaceId);
  return experimentView(changed);
}
