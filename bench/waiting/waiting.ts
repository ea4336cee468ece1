import { setTimeout as pause } from 'node:timers/promises';
import { reviewGraph } from '@switchyard/test/kit/graph.ts';
import { type Figure, quantile, underLimit } from '../figure.ts';
import { call } from '../process/call.ts';
import { startServer } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { until } from '../process/until.ts';
import { residentKib } from '../start/memory.ts';

const RUNS = 10_000;
const AT_ONCE = 50;
const RESUMED = 100;
const SETTLE_MS = 5_000;

/** What 10,000 runs that wait for a review cost in memory after a restart, and the time from a decision to the end of its run. */
export async function waiting(): Promise<Figure[]> {
  using bare = temporaryFolder();
  using full = temporaryFolder();
  const without = await memoryAfterRestart(bare.path, 1);
  const { megabytes, address, stop } = await memoryAfterRestart(full.path, RUNS);
  await without.stop();
  const times = await resume(address);
  await stop();
  process.stderr.write(`  ${RUNS} waiting runs: ${megabytes.toFixed(1)} MB, without them ${without.megabytes.toFixed(1)} MB\n`);
  return [
    underLimit('waiting-memory', 'MB', { value: Math.max(0, megabytes - without.megabytes), goal: 10 }),
    underLimit('waiting-resume-p99', 'ms', { value: quantile(times, 0.99), goal: 50 }),
  ];
}

/** Starts so many runs that wait, restarts the server, and measures it once it is idle. */
async function memoryAfterRestart(folder: string, runs: number) {
  const first = await startServer(folder);
  await startWaiting(first.address, runs);
  await first.stop();
  const { pid, address, stop } = await startServer(folder);
  await pause(SETTLE_MS);
  return { megabytes: residentKib(pid) / 1024, address, stop };
}

async function startWaiting(address: string, runs: number): Promise<void> {
  const { id } = await call<{ id: string }>(address, 'POST', '/api/workflows', { name: 'Waits', graph: reviewGraph() });
  let left = runs;
  const sendAll = async (): Promise<void> => {
    while (left-- > 0) await call(address, 'POST', `/api/workflows/${id}/runs`, { input: { message: `Order ${left}` } });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendAll));
  const isSettled = async () => (await call<{ items: unknown[] }>(address, 'GET', '/api/runs?status=running&limit=1')).items.length === 0 || undefined;
  await until('all runs to wait', isSettled, 120_000);
}

/** From the request that decides until the run is reported as ended, one after another. */
async function resume(address: string): Promise<number[]> {
  const times: number[] = [];
  const { items } = await call<{ items: { id: string; runId: string }[] }>(address, 'GET', `/api/reviews?limit=${RESUMED}`);
  for (const { id, runId } of items) {
    const began = performance.now();
    await call(address, 'POST', `/api/reviews/${id}/decision`, { decision: 'reject' });
    await until(
      'the run to end',
      async () => ((await call<{ endedAt: string | null }>(address, 'GET', `/api/runs/${runId}`)).endedAt ? true : undefined),
      10_000,
      1,
    );
    times.push(performance.now() - began);
  }
  return times;
}
