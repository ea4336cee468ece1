import type { PairOutcome } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { PAIR_OUTCOMES } from '@switchyard/shared/evaluation/choices.ts';

/** A result as the comparison needs it. */
export interface ComparedResult {
  readonly index: number;
  readonly itemId: string;
  readonly itemVersion: number;
  /** What belongs together: a customer, a source run, or the item itself. */
  readonly cluster: string;
  readonly tags: readonly string[];
  readonly status: 'graded' | 'errored' | 'stopped';
  readonly passed: boolean | null;
  readonly score: number | null;
  readonly graderScores: readonly (number | null)[];
  readonly costMicros: number | null;
  readonly durationMs: number | null;
}

/** An item that both sides have graded. */
export interface GradedPair<R extends ComparedResult = ComparedResult> {
  readonly subject: R;
  readonly baseline: R;
  readonly outcome: PairOutcome;
}

export interface Pairing<R extends ComparedResult> {
  /** The worst for the subject first: by outcome, then by the loss of score. */
  readonly pairs: readonly GradedPair<R>[];
  /** Items that a side lacks, or has no grade for. */
  readonly leftOut: readonly { readonly subject: R | null; readonly baseline: R | null }[];
}

const keyOf = ({ itemId, itemVersion }: ComparedResult): string => `${itemId} ${itemVersion}`;

const outcomeOf = (subject: ComparedResult, baseline: ComparedResult): PairOutcome => {
  if (subject.passed) return baseline.passed ? 'both-pass' : 'better';
  return baseline.passed ? 'worse' : 'both-fail';
};

const gain = ({ subject, baseline }: GradedPair): number => (subject.score ?? 0) - (baseline.score ?? 0);

/** Pairs results of the same version of an item (S82b). */
export function pairResults<R extends ComparedResult>(subjects: readonly R[], baselines: readonly R[]): Pairing<R> {
  const partners = new Map(baselines.map((result) => [keyOf(result), result]));
  const pairs: GradedPair<R>[] = [];
  const leftOut: { subject: R | null; baseline: R | null }[] = [];
  for (const subject of subjects) {
    const baseline = partners.get(keyOf(subject)) ?? null;
    partners.delete(keyOf(subject));
    if (baseline?.status === 'graded' && subject.status === 'graded') pairs.push({ subject, baseline, outcome: outcomeOf(subject, baseline) });
    else leftOut.push({ subject, baseline });
  }
  for (const baseline of partners.values()) leftOut.push({ subject: null, baseline });
  pairs.sort(
    (one, other) =>
      PAIR_OUTCOMES.indexOf(one.outcome) - PAIR_OUTCOMES.indexOf(other.outcome) || gain(one) - gain(other) || one.subject.index - other.subject.index,
  );
  return { pairs, leftOut };
}

/** How many pairs have each outcome. */
export function countOutcomes(pairs: readonly GradedPair[]): Record<PairOutcome, number> {
  const counts = { worse: 0, 'both-fail': 0, 'both-pass': 0, better: 0 };
  for (const { outcome } of pairs) counts[outcome]++;
  return counts;
}

/** Why items are not compared. */
export function countLeftOut({ leftOut }: Pairing<ComparedResult>): { errored: number; stopped: number; unpaired: number } {
  const counts = { errored: 0, stopped: 0, unpaired: 0 };
  for (const { subject, baseline } of leftOut) {
    const is = (status: ComparedResult['status']): boolean => subject?.status === status || baseline?.status === status;
    if (is('errored')) counts.errored++;
    else if (is('stopped')) counts.stopped++;
    else counts.unpaired++;
  }
  return counts;
}
