import { type DrawnLabel, type Evidence, NO_EVIDENCE, rateOf, sumOf, upperBound, withLabel } from './evidence.ts';
import { ALPHA, FIRST_LOOK } from './group.ts';

/*
 * Which confidence a gate can send without a person (S84): labels by confidence, the rate of errors at or above each threshold, and the lowest
 * threshold whose bound is within the target. Pure.
 */

/** Width of a class of confidence: thresholds are multiples of it. */
const CLASSES = 50;

/** Evidence by confidence: class i has those from i / 50 on. Missing classes have none. */
export type ByConfidence = readonly Evidence[];

const classOf = (confidence: number): number => Math.min(CLASSES - 1, Math.floor(confidence * CLASSES + 1e-9));

/** Adds a label with a confidence from 0 to 1. */
export function withConfidence(classes: ByConfidence, label: DrawnLabel & { readonly confidence: number }): ByConfidence {
  const at = classOf(label.confidence);
  return Array.from({ length: Math.max(classes.length, at + 1) }, (_, index) => {
    const evidence = classes[index] ?? NO_EVIDENCE;
    return index === at ? withLabel(evidence, label) : evidence;
  });
}

export interface CurvePoint {
  /** From this confidence on, drafts are sent without a person. */
  readonly threshold: number;
  /** The share of drafts that this sends, from 0 to 1. */
  readonly sent: number;
  readonly rate: number;
  readonly bound: number;
  /** What the bound would be without errors. */
  readonly least: number;
}

/** The curve, from the highest threshold with labels to the lowest. Each look halves what it uses of ALPHA. */
export function curveOf(classes: ByConfidence): CurvePoint[] {
  const all = classes.reduce(sumOf, NO_EVIDENCE);
  const looks = Math.max(0, Math.floor(Math.log2(all.labels / FIRST_LOOK)));
  const alpha = ALPHA / 2 ** (looks + 1);
  const points: CurvePoint[] = [];
  let above = NO_EVIDENCE;
  for (let index = classes.length - 1; index >= 0; index--) {
    const evidence = classes[index] ?? NO_EVIDENCE;
    above = sumOf(above, evidence);
    const rate = rateOf(above);
    if (evidence.labels === 0 || rate === null) continue;
    points.push({
      threshold: index / CLASSES,
      sent: above.weight / all.weight,
      rate,
      bound: upperBound(above, alpha),
      least: upperBound({ ...above, wrong: 0, wrongWeight: 0 }, alpha),
    });
  }
  return points;
}

/**
 * The lowest threshold whose bound is within the target, if there is one. Tested from the highest that could pass without errors down to the
 * first that fails, so the order needs no correction (fixed sequence: Maurer, Hothorn, and Lehmacher, 1995).
 */
export function proposedThreshold(curve: readonly CurvePoint[], target: number): CurvePoint | undefined {
  const tested = curve.slice(
    Math.max(
      0,
      curve.findIndex(({ least }) => least <= target),
    ),
  );
  const end = tested.findIndex(({ bound }) => bound > target);
  return tested[(end === -1 ? tested.length : end) - 1];
}
