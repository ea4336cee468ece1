import { expect, it } from 'vitest';
import { seeded } from '../rollback/simulate.ts';
import { simulateDrift, simulateStream } from './simulate.ts';

it('saves reviews of good groups without widening bad ones, and notices a drift', () => {
  const random = seeded(11);
  const streams = Array.from({ length: 3 }, () => simulateStream(12_000, random));
  expect(streams.filter(({ mistaken }) => mistaken)).toHaveLength(0);
  for (const { reviewed } of streams) expect(reviewed).toBeLessThan(0.85 * 12_000);
  const drifts = Array.from({ length: 10 }, () => simulateDrift(random)).filter((runs) => runs !== undefined);
  expect(drifts.length).toBeGreaterThan(5);
  expect(drifts.reduce((sum, runs) => sum + runs, 0) / drifts.length).toBeLessThan(50);
});
