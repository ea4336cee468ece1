import { describe, expect, it } from 'vitest';
import { type Blocks, createDifferenceSequence, PERCENTS } from './difference-sequence.ts';

const histogram = (values: Readonly<Record<number, number>>): number[] => Array.from({ length: PERCENTS + 1 }, (_, percent) => values[percent] ?? 0);
const binary = (ones: number, of: number): number[] => histogram({ 0: of - ones, 100: ones });

/** The probability of `ones` among `of` values with this mean. */
function binomial(ones: number, of: number, mean: number): number {
  let ways = 1;
  for (let index = 0; index < ones; index++) ways = (ways * (of - index)) / (index + 1);
  return ways * mean ** ones * (1 - mean) ** (of - ones);
}

/** The exact probability that equal or better canaries are rejected at one look at this many blocks. */
function mistakes(blocks: Blocks, looks: number, means: { canary: number; stable: number }, alpha: number, known?: number): number {
  const sequence = createDifferenceSequence(blocks, alpha, known);
  const sizes = { canary: looks * blocks.canary, stable: looks * blocks.stable };
  let sum = 0;
  for (let ofCanary = 0; ofCanary <= sizes.canary; ofCanary++)
    for (let ofStable = 0; ofStable <= sizes.stable; ofStable++)
      if (sequence.isAboveZero({ canary: binary(ofCanary, sizes.canary), stable: binary(ofStable, sizes.stable) }))
        sum += binomial(ofCanary, sizes.canary, means.canary) * binomial(ofStable, sizes.stable, means.stable);
  return sum;
}

describe('the confidence sequence of a difference', () => {
  it('rejects equal means no more often than alpha, by exact enumeration', () => {
    for (const mean of [0.02, 0.2, 0.5, 0.9]) {
      expect(mistakes({ canary: 1, stable: 2 }, 12, { canary: mean, stable: mean }, 0.05)).toBeLessThanOrEqual(0.05);
      expect(mistakes({ canary: 3, stable: 1 }, 8, { canary: mean, stable: mean }, 0.05)).toBeLessThanOrEqual(0.05);
    }
  });

  it('rejects a large difference almost always, which shows that the enumeration counts rejections', () => {
    expect(mistakes({ canary: 1, stable: 2 }, 20, { canary: 0.7, stable: 0.05 }, 0.05)).toBeGreaterThan(0.9);
  });

  it('stays valid with a stable mean from earlier values, right or wrong, and tells a difference sooner if it is right', () => {
    for (const known of [0.2, 0.02, 0.7])
      for (const mean of [0.02, 0.2, 0.5, 0.9])
        expect(mistakes({ canary: 1, stable: 2 }, 12, { canary: mean, stable: mean }, 0.05, known)).toBeLessThanOrEqual(0.05);
    const found = (known?: number) => mistakes({ canary: 1, stable: 3 }, 14, { canary: 0.6, stable: 0.15 }, 0.05, known);
    expect(found(0.15)).toBeGreaterThan(found() + 0.05);
  });

  it('has a lower bound that is −1 without values, rises with evidence, and stays below the difference', () => {
    const { lowerBound } = createDifferenceSequence({ canary: 1, stable: 9 }, 0.01);
    expect(lowerBound({ canary: histogram({}), stable: histogram({}) })).toBe(-1);
    const bounds = [1, 4, 16].map((times) => lowerBound({ canary: binary(8 * times, 20 * times), stable: binary(9 * times, 180 * times) }));
    expect(bounds).toEqual([...bounds].sort((a, b) => a - b));
    expect(bounds[2]).toBeGreaterThan(0.25);
    expect(bounds[2]).toBeLessThan(0.35);
  });

  it('agrees with itself about whether the bound is above 0', () => {
    const { lowerBound, isAboveZero } = createDifferenceSequence({ canary: 1, stable: 3 }, 0.05);
    for (let ones = 0; ones <= 12; ones++) {
      const counted = { canary: binary(ones, 12), stable: binary(4, 36) };
      expect(lowerBound(counted) > 0).toBe(isAboveZero(counted));
    }
  });

  it('learns more from scores that vary little than from as many of 0 and 1 with the same means', () => {
    const { lowerBound } = createDifferenceSequence({ canary: 1, stable: 4 }, 0.01);
    const steady = lowerBound({ canary: histogram({ 40: 30 }), stable: histogram({ 20: 120 }) });
    const extreme = lowerBound({ canary: binary(12, 30), stable: binary(24, 120) });
    expect(steady).toBeGreaterThan(0.05);
    expect(extreme).toBeLessThan(steady);
  });
});
