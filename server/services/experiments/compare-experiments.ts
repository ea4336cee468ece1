import {
  type ExperimentComparison,
  type ExperimentPair,
  type listExperimentPairs as listPairsContract,
  MOST_COMPARED,
} from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { LRUCache } from 'lru-cache';
import type { z } from 'zod';
import { ALPHA, measureVariant, settleVariant, type Variant } from '../../evaluation/comparison/compare-results.ts';
import { headline } from '../../evaluation/comparison/headline.ts';
import { type ComparedResult, type Pairing, pairResults } from '../../evaluation/comparison/pair-results.ts';
import { RESAMPLES } from '../../evaluation/statistics/bootstrap.ts';
import type { ExperimentRecord, ExperimentResultRecord } from '../../store/evaluation/experiment-collections.ts';
import { inTurns } from '../../turns.ts';
import type { ServiceContext } from '../context.ts';
import { type Page, pageAt } from '../runs/get-run.ts';
import { canonicalJson, contentHash } from '../workflows/content-hash.ts';
import { experimentRecordOf, experimentView, graderLabel } from './experiment-view.ts';
import { resultsOf } from './results.ts';

/*
 * Compares experiments (S82b). Owns the memory of recent comparisons: paging through pairs and looking again cost nothing. The state of both
 * experiments is part of what it is remembered by.
 */

/** One has up to 10,000 pairs. */
const MOST_REMEMBERED = 6;

type Stored = ComparedResult & Pick<ExperimentResultRecord, 'title' | 'reason'> & { readonly runId: string | null };

interface Compared {
  readonly pairing: Pairing<Stored>;
  /** Not before it is asked for: it takes a second for 10,000 pairs. */
  readonly measured: () => Promise<Variant>;
}

/** The same comparison has the same seed, so it gives the same intervals again. */
const seedOf = (subject: ExperimentRecord, baseline: ExperimentRecord): number =>
  Number.parseInt(contentHash([subject.ranOn.itemsHash, subject.id, baseline.id]).slice(0, 8), 16);

export function createComparisons() {
  const remembered = new LRUCache<string, Promise<Compared>>({ max: MOST_REMEMBERED });

  const compared = async (context: ServiceContext, subject: ExperimentRecord, baseline: ExperimentRecord): Promise<Compared> => {
    const key = [subject, baseline].map(({ id, status, endedAt, summary }) => `${id} ${status} ${endedAt} ${canonicalJson(summary.counts)}`).join(' ');
    const known = remembered.get(key);
    if (known) return known;
    const fresh = compareNow(context, subject, baseline);
    remembered.set(key, fresh);
    fresh.catch(() => remembered.delete(key));
    return fresh;
  };

  const load = async (context: ServiceContext, id: string, other: string): Promise<readonly [ExperimentRecord, ExperimentRecord]> => {
    const [subject, baseline] = await Promise.all([experimentRecordOf(context.store, id), experimentRecordOf(context.store, other)]);
    if (id === other)
      throw new AppError('bad-request', 'Choose a different experiment to compare with.', {
        fields: [{ path: 'other', message: 'must be another experiment' }],
      });
    if (canonicalJson(subject.graders) !== canonicalJson(baseline.graders)) {
      throw new AppError(
        'bad-request',
        `“${subject.name}” and “${baseline.name}” use different graders, so their scores can’t be compared. Rerun one with the other’s graders.`,
      );
    }
    return [subject, baseline];
  };

  return {
    /** `also`: further experiments against the same baseline. Throws `not-found`, `bad-request`. */
    compare: async (context: ServiceContext, id: string, other: string, also: readonly string[]): Promise<ExperimentComparison> => {
      if (also.length > MOST_COMPARED) throw new AppError('bad-request', `Compare at most ${MOST_COMPARED + 1} experiments with one baseline.`);
      const [subject, baseline] = await load(context, id, other);
      const first = await (await compared(context, subject, baseline)).measured();
      const more: Variant[] = [];
      for (const variant of new Set(also)) {
        const [record] = await load(context, variant, other);
        if (variant !== id) more.push(await (await compared(context, record, baseline)).measured());
      }
      const settled = settleVariant([first, ...more]);
      const sides = { subject: sideOf(subject), baseline: sideOf(baseline) };
      return {
        ...sides,
        ...headline({ ...sides, ...settled }),
        ...settled,
        method: { alpha: ALPHA, resamples: RESAMPLES, seed: seedOf(subject, baseline), clusters: first.clusters, comparisons: 1 + more.length },
      };
    },
    /** Throws `not-found`, `bad-request`. */
    pairs: async (context: ServiceContext, id: string, other: string, query: z.output<typeof listPairsContract.query>): Promise<Page<ExperimentPair>> => {
      const { pairing } = await compared(context, ...(await load(context, id, other)));
      return pageAt(viewsOf(pairing, query.outcome), query);
    },
  };
}
async function compareNow({ store }: ServiceContext, subject: ExperimentRecord, baseline: ExperimentRecord): Promise<Compared> {
  const pairing = pairResults(await storedOf(store, subject.id), await storedOf(store, baseline.id));
  let measured: Promise<Variant> | undefined;
  return {
    pairing,
    measured: () => {
      measured ??= inTurns(measureVariant(pairing, { graders: subject.graders.map(graderLabel), seed: seedOf(subject, baseline) }));
      return measured;
    },
  };
}

async function storedOf(store: ServiceContext['store'], experimentId: string): Promise<Stored[]> {
  const found: Stored[] = [];
  for await (const result of resultsOf(store, experimentId)) {
    const { index, itemId, itemVersion, cluster, tags, status, passed, score, graderScores, costMicros, durationMs, title, reason, trials } = result;
    const runId = trials[0]?.runId ?? null;
    found.push({ index, itemId, itemVersion, cluster, tags, status, passed, score, graderScores, costMicros, durationMs, title, reason, runId });
  }
  return found;
}

function sideOf(record: ExperimentRecord): ExperimentComparison['subject'] {
  const { id, name, label, counts } = experimentView(record);
  return { id, name, label, open: counts.open };
}

function viewsOf({ pairs, leftOut }: Pairing<Stored>, wanted: z.output<typeof listPairsContract.query>['outcome']): ExperimentPair[] {
  const graded = wanted === 'left-out' ? [] : pairs.filter(({ outcome }) => wanted === undefined || outcome === wanted);
  const rest = wanted === undefined || wanted === 'left-out' ? leftOut : [];
  return [...graded.map((pair) => viewOf(pair, pair.outcome)), ...rest.map((pair) => viewOf(pair, null))];
}

function viewOf(
  { subject, baseline }: { readonly subject: Stored | null; readonly baseline: Stored | null },
  outcome: ExperimentPair['outcome'],
): ExperimentPair {
  const { itemId = '', itemVersion = 0, title = '', tags = [] } = subject ?? baseline ?? {};
  return { itemId, itemVersion, title, tags: [...tags], outcome, subject: subject && pairSide(subject), baseline: baseline && pairSide(baseline) };
}

type PairSide = NonNullable<ExperimentPair['subject']>;

const pairSide = ({ index, status, passed, score, reason, costMicros, durationMs, runId }: Stored): PairSide => ({
  index,
  status,
  passed,
  score,
  reason,
  costMicros,
  durationMs,
  runId,
});
