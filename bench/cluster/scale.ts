import { type Figure, reachingGoal } from '../figure.ts';
import { until } from '../process/until.ts';
import { startCallingCluster } from './calls.ts';

const RUNS = 2_000;
const CALL_MS = 200;
const SLOTS = 16;
const LIMIT_MS = 300_000;

/** Throughput of two and four workers relative to one, if each run waits 200 ms for a model. */
export async function scale(): Promise<Figure[]> {
  const one = await runsPerSecond(1);
  const two = await runsPerSecond(2);
  const four = await runsPerSecond(4);
  return [
    reachingGoal('scale-2-workers', 'times one', { value: two / one, goal: 1.9 }),
    reachingGoal('scale-4-workers', 'times one', { value: four / one, goal: 3.6 }),
  ];
}

/** From the first call to the end of the last one. */
async function runsPerSecond(workers: number): Promise<number> {
  await using world = await startCallingCluster({ workers, callMs: CALL_MS, env: { WORKER_SLOTS: String(SLOTS) } });
  await world.accept(RUNS);
  await until('all calls', () => (world.arrivals.length >= RUNS ? true : undefined), LIMIT_MS);
  const seconds = ((world.arrivals.at(-1) ?? 0) - (world.arrivals[0] ?? 0) + CALL_MS) / 1_000;
  const most = (workers * SLOTS * 1_000) / CALL_MS;
  process.stderr.write(`  ${workers} workers: ${Math.round(RUNS / seconds)} runs/s of at most ${most}\n`);
  return RUNS / seconds;
}
