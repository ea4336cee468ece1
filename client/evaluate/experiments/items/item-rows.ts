import type { ExperimentPair, ExperimentResult } from '@switchyard/shared/contracts/evaluation/experiments.ts';

/** One side of an item in the list. */
export interface SideCell {
  readonly passed: boolean | null;
  readonly score: number | null;
  readonly status: ExperimentResult['status'];
  /** Whether only a person’s grade is missing. */
  readonly isWaiting?: boolean;
}

/** An item in the list: a result, or a pair of results. */
export interface ItemRow {
  readonly key: string;
  /** The place in this experiment. Null: only the baseline has it. */
  readonly index: number | null;
  readonly title: string;
  readonly tags: readonly string[];
  readonly outcome: ExperimentPair['outcome'] | 'passed' | 'failed';
  readonly reason: string;
  readonly baseline?: SideCell | null;
  readonly subject: SideCell | null;
  readonly costMicros: number | null;
  readonly durationMs: number | null;
}

export const rowOfResult = ({ index, itemId, title, tags, status, passed, score, reason, trials, costMicros, durationMs }: ExperimentResult): ItemRow => ({
  key: `${index} ${itemId}`,
  index,
  title,
  tags,
  outcome: status === 'graded' ? (passed ? 'passed' : 'failed') : null,
  reason,
  subject: { passed, score, status, isWaiting: trials.some(({ grades }) => grades.some((grade) => 'error' in grade && grade.pending)) },
  costMicros,
  durationMs,
});

export const rowOfPair = ({ itemId, itemVersion, title, tags, outcome, subject, baseline }: ExperimentPair): ItemRow => ({
  key: `${itemId} ${itemVersion}`,
  index: subject?.index ?? null,
  title,
  tags,
  outcome,
  reason: subject?.reason ?? 'This experiment has no result for it',
  subject,
  baseline,
  costMicros: subject?.costMicros ?? null,
  durationMs: subject?.durationMs ?? null,
});
