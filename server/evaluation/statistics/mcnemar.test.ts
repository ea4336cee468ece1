import { expect, it } from 'vitest';
import { holm } from './holm.ts';
import { mcNemar } from './mcnemar.ts';

it('agrees with the exact sign test of whole numbers', () => {
  const choose = (n: number, k: number): bigint => (k === 0 ? 1n : (choose(n, k - 1) * BigInt(n - k + 1)) / BigInt(k));
  for (const [better, worse] of [
    [11, 2],
    [0, 6],
    [7, 7],
    [30, 12],
    [1, 0],
  ] as const) {
    const n = better + worse;
    const least = Math.min(better, worse);
    const tail = Array.from({ length: least + 1 }, (_, k) => choose(n, k)).reduce((sum, part) => sum + part);
    expect(mcNemar({ better, worse, pairs: 64 }).p).toBeCloseTo(Math.min(1, Number(2n * tail) / 2 ** n), 12);
  }
});

it('gives the published p value of the approval ratings of Agresti', () => {
  // 150 changed one way and 86 the other, of 1,600 people.
  const { p, difference } = mcNemar({ better: 86, worse: 150, pairs: 1600 });
  expect(p).toBeCloseTo(3.716e-5, 7);
  expect(difference).toBeCloseTo(-0.04, 10);
});

it('gives an interval that holds 0 exactly when the test finds nothing', () => {
  for (let better = 0; better <= 25; better++) {
    for (let worse = 0; worse <= 25; worse++) {
      const { p, low, high, difference } = mcNemar({ better, worse, pairs: 60 });
      expect(low <= 0 && 0 <= high).toBe(p >= 0.05);
      expect(low <= difference && difference <= high).toBe(true);
    }
  }
});

it('finds nothing where no pair differs', () => {
  expect(mcNemar({ better: 0, worse: 0, pairs: 64 })).toEqual({ difference: 0, p: 1, low: 0, high: 0 });
});

it('adjusts several comparisons as Holm does, in the order given', () => {
  // The example of Wright, Biometrics 48 (1992).
  const steps = holm([0.01, 0.04, 0.03, 0.005]);
  expect(steps.map(({ adjusted }) => Number(adjusted.toFixed(4)))).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(steps.map(({ significant }) => significant)).toEqual([true, false, false, true]);
  expect(steps.map(({ alpha }) => alpha)).toEqual([0.05 / 3, 0.025, 0.025, 0.0125]);
  expect(holm([])).toEqual([]);
});
