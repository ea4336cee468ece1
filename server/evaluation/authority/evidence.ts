import { clopperPearson, wilson } from '../statistics/proportion.ts';

/*
 * What drawn labels say about a group of drafts (S84). A label is drawn with a known probability and counts 1/probability (Horvitz and
 * Thompson, 1952), so a share of runs represents all of them. Pure.
 */

export interface DrawnLabel {
  /** The reviewer rejected the draft, or changed a field that matters. */
  readonly wrong: boolean;
  /** With which it was drawn, above 0 and at most 1. */
  readonly probability: number;
}

/** Sums over the labels of a group. Plain data, so it can be stored. */
export interface Evidence {
  readonly labels: number;
  readonly wrong: number;
  readonly weight: number;
  readonly wrongWeight: number;
  /** The sum of squared weights. */
  readonly squares: number;
}

export const NO_EVIDENCE: Evidence = { labels: 0, wrong: 0, weight: 0, wrongWeight: 0, squares: 0 };

/** The share of errors that reviewers are assumed to overlook. Bounds are raised accordingly. */
const OVERLOOKED = 0.1;

/** A limit on the true rate of errors, as a limit on the rate that reviewers find. */
export const foundRate = (rate: number): number => rate * (1 - OVERLOOKED);

export function withLabel({ labels, wrong, weight, wrongWeight, squares }: Evidence, label: DrawnLabel): Evidence {
  const counts = 1 / label.probability;
  return {
    labels: labels + 1,
    wrong: wrong + (label.wrong ? 1 : 0),
    weight: weight + counts,
    wrongWeight: wrongWeight + (label.wrong ? counts : 0),
    squares: squares + counts * counts,
  };
}

/** A label that was taken for right turned out wrong. */
export const withLateError = (evidence: Evidence, { probability }: Pick<DrawnLabel, 'probability'>): Evidence => ({
  ...evidence,
  wrong: Math.min(evidence.labels, evidence.wrong + 1),
  wrongWeight: Math.min(evidence.weight, evidence.wrongWeight + 1 / probability),
});

export const sumOf = (one: Evidence, other: Evidence): Evidence => ({
  labels: one.labels + other.labels,
  wrong: one.wrong + other.wrong,
  weight: one.weight + other.weight,
  wrongWeight: one.wrongWeight + other.wrongWeight,
  squares: one.squares + other.squares,
});

/** The estimated rate of errors, from 0 to 1. Null without labels. */
export const rateOf = ({ weight, wrongWeight }: Evidence): number | null => (weight > 0 ? wrongWeight / weight : null);

/** Weights that differ by less are equal, but for rounding. */
const EQUAL = 1e-9;

/**
 * The rate of errors is at most this, with a confidence of 1 − alpha, errors that reviewers overlook included. Exact (Clopper and Pearson,
 * 1934, one-sided) if all labels were drawn with the same probability. Otherwise by the score interval of Wilson (1927) on the effective
 * size (Σw)² / Σw² (Kish, 1965).
 */
export function upperBound({ labels, wrong, weight, wrongWeight, squares }: Evidence, alpha: number): number {
  if (labels === 0) return 1;
  const size = (weight * weight) / squares;
  const isEqual = Math.abs(size - labels) < EQUAL * labels;
  const { high } = isEqual ? clopperPearson(wrong, labels, { alpha, side: 'upper' }) : wilson((wrongWeight / weight) * size, size, { alpha, side: 'upper' });
  return Math.min(1, high / (1 - OVERLOOKED));
}
