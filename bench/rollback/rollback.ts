import { type Figure, reachingGoal, underLimit } from '../figure.ts';
import { STABLE, seeded, simulate, type Version } from './simulate.ts';

const SIMULATIONS = 500;
const WITHIN_CANARY_RUNS = 60;
const EQUAL_RELEASES = 2_000;
const RUNS_OF_EQUAL = 2_000;

const PLANTED: Readonly<Record<string, Version>> = {
  'failures 2 → 30 %': { ...STABLE, failing: 0.3 },
  'slow 5 → 40 %': { ...STABLE, slow: 0.4 },
  'cost × 2': { ...STABLE, costFactor: 2 },
  'score − 0.25': { ...STABLE, score: STABLE.score - 0.25 },
  'score − 0.25, of 0 and 1': { ...STABLE, score: STABLE.score - 0.25, hasThumbs: true },
};

const percentOf = (count: number, all: number): number => (100 * count) / all;

/** Releases with known truth: how often a worse version goes back in time, and how often an equal one does. */
export function rollback(): Promise<Figure[]> {
  const random = seeded(20_260_701);
  const times = (number: number, canary: Version, runs: { of: 'both' | 'canary'; atMost: number }): number =>
    Array.from({ length: number }, () => simulate({ canary, runs }, random)).filter((worse) => worse !== undefined).length;
  const found = Object.entries(PLANTED).map(([name, canary]) =>
    reachingGoal(`rolled back within ${WITHIN_CANARY_RUNS} canary runs: ${name}`, '%', {
      value: percentOf(times(SIMULATIONS, canary, { of: 'canary', atMost: WITHIN_CANARY_RUNS }), SIMULATIONS),
      goal: 90,
    }),
  );
  const equal = [false, true].map((hasThumbs) => {
    const mistaken = times(EQUAL_RELEASES, { ...STABLE, hasThumbs }, { of: 'both', atMost: RUNS_OF_EQUAL });
    return underLimit(`equal versions rolled back${hasThumbs ? ', scores of 0 and 1' : ''}`, '%', { value: percentOf(mistaken, EQUAL_RELEASES), goal: 5 });
  });
  return Promise.resolve([...found, ...equal]);
}
