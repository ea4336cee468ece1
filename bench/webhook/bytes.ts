import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Figure, underLimit } from '../figure.ts';
import { call } from '../process/call.ts';
import { startServer } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { until } from '../process/until.ts';
import { publishOrders } from './publish-orders.ts';
import { putLoad } from './put-load.ts';

const SECONDS = 6;
const GOAL_KB = 2.5;
const LEAST_RUNS = 2_000;

/** Growth of the database per run of the order workflow in mode `finished`, after a checkpoint, with all indexes caught up. */
export async function bytes(): Promise<Figure[]> {
  using folder = temporaryFolder();
  const before = await prepare(folder.path);
  let runs = 0;
  {
    await using server = await startServer(folder.path);
    const { runIds } = await putLoad(before.url.replace(/^http:\/\/[^/]+/, server.address), { seconds: SECONDS });
    runs = runIds.length;
    const last = runIds.at(-1) ?? '';
    await until('the search index', async () => ((await found(server.address, last)) ? true : undefined), 60_000);
  }
  if (runs < LEAST_RUNS) throw new Error(`Only ${runs} runs were made: too few to tell.`);
  return [underLimit('bytes', 'KB/run', { value: (usedBytes(folder.path) - before.bytes) / runs / 1_024, goal: GOAL_KB })];
}

/** Publishes the workflow and measures the database without runs. */
async function prepare(folder: string): Promise<{ url: string; bytes: number }> {
  const server = await startServer(folder);
  const url = await publishOrders(server.address);
  await server.stop();
  return { url, bytes: usedBytes(folder) };
}

const found = async (address: string, runId: string): Promise<boolean> =>
  (await call<{ items: unknown[] }>(address, 'GET', `/api/runs?search=${encodeURIComponent(runId)}&limit=1`)).items.length > 0;

/** Bytes of the pages in use once the write-ahead log is part of the file. The server must have stopped. */
function usedBytes(folder: string): number {
  const database = new DatabaseSync(join(folder, 'switchyard.db'));
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const read = (name: string): number => Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
    return (read('page_count') - read('freelist_count')) * read('page_size');
  } finally {
    database.close();
  }
}
