import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import { type Baseline, type Comparison, LEAST_SAMPLES, type putBaseline as putContract } from '@switchyard/shared/contracts/insight/insight.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { z } from 'zod';
import { addFigures, noFigures, wholeTimeOf } from '../../insight/figures/figures.ts';
import { quantileOf, samplesIn } from '../../insight/figures/histogram.ts';
import { figuresOf, rangeOf, readRollUps } from '../../insight/read/read-roll-ups.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { baselines } from '../../store/insight/insight-collections.ts';
import type { ServiceContext } from '../context.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';

/* How work was done before, as the owner says, and how it is done now. */

const ALL = 'all';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NO_BASELINE: Baseline = { minutesPerCase: null, minutesPerReview: null, wrongShare: null, minutesToAnswer: null };

interface Query {
  readonly workflowId?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export async function getComparison(context: ServiceContext, query: Query): Promise<Comparison> {
  const { store } = context;
  const [known, records] = await Promise.all([
    store.get(baselines, query.workflowId ?? ALL),
    readRollUps(store, rangeOf(query, context.now()), query.workflowId),
  ]);
  const sum = noFigures();
  for (const record of records) addFigures(sum, figuresOf(record, undefined));
  const baseline = known?.baseline ?? NO_BASELINE;
  return { baseline, revision: known?.revision ?? 0, ...compare(baseline, sum) };
}

/** Exported for tests. */
export function compare({ minutesPerCase, minutesPerReview, wrongShare, minutesToAnswer }: Baseline, figures: ReturnType<typeof noFigures>) {
  const { succeeded, asked, rated, badRatings } = figures.counters;
  const whole = wholeTimeOf(figures);
  const peopleMs = asked === 0 ? 0 : minutesPerReview === null ? null : asked * minutesPerReview * MINUTE_MS;
  const savedMs = minutesPerCase === null || peopleMs === null ? null : succeeded * minutesPerCase * MINUTE_MS - peopleMs;
  return {
    savedMs,
    peopleMs,
    wrong: { before: wrongShare, now: rated === 0 ? null : badRatings / rated, enough: rated >= LEAST_SAMPLES },
    answerMs: {
      before: minutesToAnswer === null ? null : minutesToAnswer * MINUTE_MS,
      now: quantileOf(whole, 0.5),
      enough: samplesIn(whole) >= LEAST_SAMPLES,
    },
    perHour: {
      before: minutesPerCase === null ? null : 60 / minutesPerCase,
      now: peopleMs === null || peopleMs === 0 ? null : succeeded / (peopleMs / HOUR_MS),
      enough: asked >= LEAST_SAMPLES,
    },
  };
}

/** Sets the baseline of a workflow, or of all. Throws `revision-conflict` if it was changed since `revision`, `not-found`. */
export async function putBaseline(
  context: ServiceContext,
  { workflowId }: { readonly workflowId?: string | undefined },
  { revision: edited, reason: _reason, ...baseline }: z.output<(typeof putContract)['body']>,
): Promise<ReplyOf<typeof putContract>> {
  const { store, workspaceId } = context;
  if (workflowId !== undefined) await getWorkflowRecord(context, workflowId);
  const id = workflowId ?? ALL;
  const known = await store.get(baselines, id);
  const before = known?.revision ?? 0;
  const record = { baseline, revision: before + 1 };
  const isSaved =
    (edited ?? before) === before &&
    (known
      ? (await store.update(baselines, id, record, { equal: { revision: before } })) !== undefined
      : await insertIfAbsent(store, baselines, { id, workspaceId, ...record }));
  if (!isSaved) throw new AppError('revision-conflict', 'This baseline was changed elsewhere. Reload it, then make your change again.');
  return record;
}
