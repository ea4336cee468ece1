import { call } from '../process/call.ts';
import { until } from '../process/until.ts';

const OPEN = ['queued', 'running', 'waiting'];
const LIMIT_MS = 120_000;

/** How long it takes until no run is open, in ms. */
export async function timeUntilAllEnded(address: string): Promise<number> {
  const began = performance.now();
  await until('the end of all runs', async () => ((await openRuns(address)) === 0 ? true : undefined), LIMIT_MS);
  return performance.now() - began;
}

async function openRuns(address: string): Promise<number> {
  const pages = await Promise.all(OPEN.map((status) => call<{ items: unknown[] }>(address, 'GET', `/api/runs?status=${status}&limit=1`)));
  return pages.reduce((count, { items }) => count + items.length, 0);
}
