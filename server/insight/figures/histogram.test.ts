import { expect, it } from 'vitest';
import { addHistogram, bucketOf, count, type Histogram, packHistogram, quantileOf, readHistogram } from './histogram.ts';

const of = (values: readonly number[]): Histogram => {
  const histogram: Histogram = new Map();
  for (const value of values) count(histogram, value);
  return histogram;
};

it('Quantiles are at most 2.5% off, over eleven orders of magnitude.', () => {
  for (const value of [1.01, 1.05, 2, 999, 1_000, 86_400_000, 1e11]) {
    const middle = quantileOf(of([value]), 0.5) ?? 0;
    expect(Math.abs(middle / value - 1), String(value)).toBeLessThan(0.0251);
  }
  const values = Array.from({ length: 1_000 }, (_, index) => index + 1);
  for (const share of [0.5, 0.95, 0.99]) expect((quantileOf(of(values), share) ?? 0) / (share * 1_000)).toBeCloseTo(1, 1);
});

it('Each bucket ends at a power of 1.05, and nothing, less than one, and huge values have buckets too.', () => {
  for (let power = 1; power < 400; power++) expect(bucketOf(1.05 ** power), String(power)).toBe(power);
  expect([0, -5, 0.2, 1, Number.NaN, Number.MAX_VALUE].map(bucketOf)).toEqual([-1, -1, 0, 0, -1, 800]);
  expect(quantileOf(of([0, 0, 8]), 0.5)).toBe(0);
});

it('Adding histograms is the same as counting all values in one, and packing loses nothing.', () => {
  const sum = readHistogram(packHistogram(of([1, 20, 20])));
  addHistogram(sum, of([20, 4_000]));
  expect(packHistogram(sum)).toEqual(packHistogram(of([4_000, 20, 1, 20, 20])));
  expect([quantileOf(new Map(), 0.5), quantileOf(readHistogram(undefined), 0.5)]).toEqual([null, null]);
});
