import { type Figure, reachingGoal, underLimit } from '../figure.ts';
import { seeded } from '../rollback/simulate.ts';
import { simulateDrift, simulateStream } from './simulate.ts';

const STREAMS = 200;
const DECISIONS = 20_000;
const DRIFTS = 500;
const DRIFT_RUNS = 50;

const percentOf = (count: number, all: number): number => (100 * count) / all;

/** Reviews with known error rates: how often too little is proposed, how much is saved, and how soon a drift is noticed. */
export function authority(): Promise<Figure[]> {
  const random = seeded(20_260_901);
  const streams = Array.from({ length: STREAMS }, () => simulateStream(DECISIONS, random));
  const sum = (of: 'reviewed' | 'narrowed' | 'watched'): number => streams.reduce((total, stream) => total + stream[of], 0);
  const drifts = Array.from({ length: DRIFTS }, () => simulateDrift(random)).filter((runs) => runs !== undefined);
  const caught = drifts.filter((runs) => runs <= DRIFT_RUNS).length;
  return Promise.resolve([
    underLimit('streams with less review of a group above the target', '%', {
      value: percentOf(streams.filter(({ mistaken }) => mistaken).length, STREAMS),
      goal: 5,
    }),
    reachingGoal('reviews saved', '%', { value: 100 - percentOf(sum('reviewed'), STREAMS * DECISIONS), goal: 40 }),
    underLimit('false narrowings in 2,000 labels', '', { value: (2_000 * sum('narrowed')) / sum('watched'), goal: 1 }),
    underLimit('reviewed runs until a drift from 1 to 15 % is noticed', 'runs', {
      value: drifts.reduce((total, runs) => total + runs, 0) / drifts.length,
      goal: DRIFT_RUNS,
    }),
    reachingGoal(`drifts from 1 to 15 % noticed within ${DRIFT_RUNS} reviewed runs`, '%', { value: percentOf(caught, drifts.length), goal: 90 }),
  ]);
}
