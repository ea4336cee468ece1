import { expect, it } from 'vitest';
import { type BootstrapResult, bcaBootstrap, type Statistic } from './bootstrap.ts';
import { createRandom } from './random.ts';

function bootstrap(clusters: number, statistic: Statistic, { alpha = 0.05, seed = 1, resamples = 10_000 } = {}): BootstrapResult {
  const work = bcaBootstrap({ clusters, statistics: [statistic], seed, resamples });
  for (;;) {
    const step = work.next();
    if (step.done) return step.value.map((intervalAt) => intervalAt(alpha))[0] ?? expect.fail('no figure');
  }
}

const meanOf =
  (values: readonly number[]) =>
  (counts: Uint32Array): number => {
    let [sum, count] = [0, 0];
    for (const [index, value] of values.entries()) {
      sum += value * (counts[index] ?? 0);
      count += counts[index] ?? 0;
    }
    return sum / count;
  };

it('agrees with the published interval of the spatial test data', () => {
  // Efron and Tibshirani, An Introduction to the Bootstrap (1993), tables 14.1 and 14.2: the plug-in variance, 90%.
  const values = [48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41];
  const mean = meanOf(values);
  const variance: Statistic = (counts) => meanOf(values.map((value) => (value - mean(counts)) ** 2))(counts);
  const { estimate, low, high } = bootstrap(values.length, variance, { alpha: 0.1 });
  expect(estimate).toBeCloseTo(171.5, 1);
  expect(Math.abs(low - 115.8)).toBeLessThan(3);
  expect(Math.abs(high - 259.6)).toBeLessThan(5);
});

it('gives the same interval for the same seed only', () => {
  const values = [0.2, 0.9, 0.4, 0.1, 0.7, 0.65, 0.3];
  expect(bootstrap(7, meanOf(values), { seed: 5 })).toEqual(bootstrap(7, meanOf(values), { seed: 5 }));
  expect(bootstrap(7, meanOf(values), { seed: 5 })).not.toEqual(bootstrap(7, meanOf(values), { seed: 6 }));
});

it('is as wide as one item per cluster allows, however often a cluster repeats it', () => {
  const values = Array.from({ length: 24 }, (_, index) => ((index * 7) % 24) / 24 - 0.3);
  const width = ({ low, high }: BootstrapResult) => high - low;
  // Each cluster has ten equal items: a ratio of sums, not of more evidence.
  const repeated: Statistic = (counts) => meanOf(values)(counts.map((count) => count * 10));
  expect(width(bootstrap(24, repeated))).toBeCloseTo(width(bootstrap(24, meanOf(values))), 10);
});

it('has a p value on the side of alpha where its interval leaves 0', () => {
  for (const shift of [0, 0.08, 0.12, 0.16, 0.2, 0.4]) {
    const values = Array.from({ length: 30 }, (_, index) => Math.sin(index * 1.7) * 0.4 + shift);
    const { p, low, high } = bootstrap(30, meanOf(values));
    if (p < 0.045) expect(low > 0 || high < 0).toBe(true);
    if (p > 0.055) expect(low <= 0 && 0 <= high).toBe(true);
  }
});

it('holds a figure that never varies at its value', () => {
  expect(bootstrap(20, meanOf(Array(20).fill(0.25)))).toEqual({ estimate: 0.25, low: 0.25, high: 0.25, p: expect.any(Number) });
});

it('covers the true mean of a skewed sample about as often as promised', () => {
  const random = createRandom(42);
  const samples = 300;
  let covered = 0;
  for (let sample = 0; sample < samples; sample++) {
    const values = Array.from({ length: 40 }, () => -Math.log((random(1_000_000) + 0.5) / 1_000_000));
    const { low, high } = bootstrap(40, meanOf(values), { seed: sample, resamples: 600 });
    if (low <= 1 && 1 <= high) covered++;
  }
  expect(covered / samples).toBeGreaterThan(0.89);
  expect(covered / samples).toBeLessThan(0.985);
});
