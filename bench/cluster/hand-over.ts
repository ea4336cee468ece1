import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import type { Member } from '@switchyard/test/cluster/cluster.ts';
import { journalOf, readRun } from '@switchyard/test/kit/runs.ts';
import { type Figure, underLimit } from '../figure.ts';
import { until } from '../process/until.ts';
import { type CallingCluster, startCallingCluster } from './calls.ts';

/** Fewer than the slots of the worker that remains. */
const RUNS = 12;
const CALL_MS = 1_500;
const LIMIT_MS = 120_000;

/**
 * The longest pause of a run when its worker is killed, and when it is stopped. The workflow makes four calls of 1.5 s each, and
 * the stopped worker may finish its calls.
 */
export async function handOver(): Promise<Figure[]> {
  await using world = await startCallingCluster({ workers: 2, callMs: CALL_MS, calls: 4 });
  const killed = await standstill(world, 'SIGKILL', (worker) => world.cluster.crash(worker));
  const stopped = await standstill(world, 'SIGTERM', (worker) => world.cluster.restart(worker));
  return [underLimit('hand-over-kill', 's', { value: killed / 1_000, goal: 12 }), underLimit('hand-over-stop', 's', { value: stopped / 1_000, goal: 1 })];
}

/** The longest time in ms from when a worker ends or releases a run until another one continues it. */
async function standstill({ accept, arrivals, cluster, web }: CallingCluster, signal: string, end: (worker: Member) => Promise<void>): Promise<number> {
  const before = arrivals.length;
  const ids = await accept(RUNS);
  await until('all runs to be in work', () => (arrivals.length >= before + RUNS ? true : undefined), LIMIT_MS);
  const endedAt = Date.now();
  await end(cluster.workers[0] as Member);
  const times: number[] = [];
  for (const id of ids) {
    await until(`run ${id} to end`, async () => (isEnded((await readRun(web, id)).status) ? true : undefined), LIMIT_MS);
    const events = await journalOf(web, id);
    for (const [index, event] of events.entries()) {
      if (event.type !== 'driver-changed') continue;
      if ((event.crashes ?? 0) > 0) throw new Error(`A crash was counted for run ${id}.`);
      times.push(Date.parse(event.at) - releasedAt(events.slice(0, index), endedAt));
    }
  }
  process.stderr.write(`  ${signal}: ${times.length} of ${RUNS} runs changed hands, longest ${Math.max(...times)} ms\n`);
  return Math.max(...times);
}

/** When the driver last recorded something, or when it was killed if that was later. */
const releasedAt = (events: readonly JournalEvent[], killedAt: number): number => {
  const last = events.at(-1);
  return Math.max(killedAt, last ? Date.parse(last.at) : 0);
};
