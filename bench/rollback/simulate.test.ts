import { expect, it } from 'vitest';
import { STABLE, seeded, simulate } from './simulate.ts';

it('sends planted failures back within 60 canary runs, and equal versions hardly ever', () => {
  const random = seeded(7);
  const worse = { canary: { ...STABLE, failing: 0.3 }, runs: { of: 'canary' as const, atMost: 60 } };
  const found = Array.from({ length: 30 }, () => simulate(worse, random)).filter((measure) => measure !== undefined);
  expect(found.length).toBeGreaterThanOrEqual(27);
  const equal = Array.from({ length: 20 }, () => simulate({ canary: STABLE, runs: { of: 'both', atMost: 1_000 } }, random));
  expect(equal.filter((measure) => measure !== undefined).length).toBeLessThanOrEqual(2);
});
