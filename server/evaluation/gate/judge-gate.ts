import type { Gate, GateResult } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { bcaBootstrap } from '../statistics/bootstrap.ts';
import { clopperPearson } from '../statistics/proportion.ts';

/* Decides whether a version passes a gate, by the results of an experiment (S83). Scores are from 0 to 1. */

export interface GatedItem {
  readonly index: number;
  readonly itemId: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly status: 'graded' | 'errored' | 'stopped';
  readonly score: number | null;
  readonly passed: boolean | null;
  readonly reason: string;
  readonly runId: string | null;
  /** What belongs together: items of one customer are one piece of evidence. */
  readonly cluster: string;
}

/** More items without a grade than this share, and the score says too little. */
const MOST_ERRORED = 0.02;
const MOST_SHOWN = 20;
const ALPHA = 0.05;

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
const points = (share: number): string => `${(share * 100).toFixed(1)} points`;

interface Judged {
  readonly gate: Gate;
  readonly items: readonly GatedItem[];
  /** Results of the stable version on the same items. */
  readonly baseline: readonly GatedItem[];
}

/** Judges a version. Yields while it draws samples. */
export function* judgeGate({ gate, items, baseline }: Judged): Generator<void, GateResult> {
  const graded = items.filter(isGraded);
  const errored = items.length - graded.length;
  const score = graded.length === 0 ? null : mean(graded.map((item) => item.score));
  const lower = gate.bound === 'lower' && graded.length > 0 ? yield* lowerBound(graded) : null;
  const regressions = gate.noRegression.map(({ tag, margin }) => ({ tag, margin, ...regression(tag, graded, baseline) }));
  const decisive = gate.bound === 'lower' ? lower : score;
  const problems = [
    ...(items.length < gate.minItems ? [`The dataset has ${items.length} items in the “gate” split. The gate needs at least ${gate.minItems}.`] : []),
    ...(errored > items.length * MOST_ERRORED ? [`${errored} of ${items.length} items have no grade. At most 2% may have none.`] : []),
    ...(decisive !== null && decisive < gate.minScore
      ? [`The ${gate.bound === 'lower' ? 'lower bound of the score' : 'score'} is ${percent(decisive)}. The gate needs ${percent(gate.minScore)}.`]
      : []),
    ...(decisive === null && items.length > 0 ? ['No item was graded.'] : []),
    ...regressions.flatMap(({ tag, margin, difference }) => {
      if (difference === null) return [`No items tagged “${tag}” can be compared with the stable version.`];
      return difference < -margin
        ? [`Items tagged “${tag}” lose ${points(-difference)} against the stable version. At most ${points(margin)} are allowed.`]
        : [];
    }),
  ];
  const failing = items.filter((item) => item.passed !== true).sort((a, b) => (a.score ?? 2) - (b.score ?? 2));
  return {
    passed: problems.length === 0,
    problems,
    score,
    lower,
    items: items.length,
    passedItems: graded.filter(({ passed }) => passed === true).length,
    erroredItems: errored,
    regressions,
    failing: failing.slice(0, MOST_SHOWN).map(({ index, itemId, title, tags, status, score: own, reason, runId }) => ({
      index,
      itemId,
      title,
      tags: [...tags],
      status,
      score: own,
      reason,
      runId,
    })),
  };
}

type GradedItem = GatedItem & { readonly score: number };
const isGraded = (item: GatedItem): item is GradedItem => item.status === 'graded' && item.score !== null;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** One-sided, at 95%: exact for scores of 0 and 1 without clusters, otherwise by the bootstrap. */
function* lowerBound(graded: readonly GradedItem[]): Generator<void, number> {
  const clusters = [...Map.groupBy(graded, ({ cluster }) => cluster).values()];
  const isBinary = clusters.length === graded.length && graded.every(({ score }) => score === 0 || score === 1);
  if (isBinary) return clopperPearson(graded.filter(({ score }) => score === 1).length, graded.length, { alpha: ALPHA, side: 'lower' }).low;
  const sums = clusters.map((held) => ({ sum: held.reduce((sum, { score }) => sum + score, 0), size: held.length }));
  const weighted = (counts: Uint32Array): number => {
    let [sum, size] = [0, 0];
    for (const [index, one] of sums.entries()) {
      sum += one.sum * (counts[index] ?? 0);
      size += one.size * (counts[index] ?? 0);
    }
    return sum / size;
  };
  const [intervalAt] = yield* bcaBootstrap({ clusters: clusters.length, statistics: [weighted], seed: 1 });
  // The lower end of a two-sided interval at twice alpha.
  return intervalAt?.(2 * ALPHA).low ?? 0;
}

/** The mean difference of items with a tag that both versions have a grade for. */
function regression(
  tag: string,
  graded: readonly GradedItem[],
  baseline: readonly GatedItem[],
): { readonly difference: number | null; readonly items: number } {
  const before = new Map(baseline.filter(isGraded).map(({ itemId, score }) => [itemId, score]));
  const differences = graded.flatMap(({ itemId, tags, score }) => {
    const known = before.get(itemId);
    return tags.includes(tag) && known !== undefined ? [score - known] : [];
  });
  return { difference: differences.length === 0 ? null : mean(differences), items: differences.length };
}
