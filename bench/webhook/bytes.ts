import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Figure, underLimit } from '../figure.ts';
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
    await until('the search index', () => (isIndexed(folder.path) ? true : undefined), 120_000);
  }
  if (runs < LEAST_RUNS) throw new Error(`Only ${runs} runs were created: too few to measure.`);
  return [underLimit('bytes', 'KB/run', { value: (usedBytes(folder.path) - before.bytes) / runs / 1_024, goal: GOAL_KB })];
}

/** Publishes the workflow and measures the database without runs. */
async function prepare(folder: string): Promise<{ url: string; bytes: number }> {
  const server = await startServer(folder);
  const url = await publishOrders(server.address);
  await server.stop();
  return { url, bytes: usedBytes(folder) };
}

/** Whether the search index has every run. */
function isIndexed(folder: string): boolean {
  const last = (file: string, sql: string): number => {
    const database = new DatabaseSync(join(folder, file), { readOnly: true });
    try {
      return Number(database.prepare(sql).get()?.last);
    } finally {
      database.close();
    }
  };
  return last('switchyard-search.db', 'SELECT max(last) AS last FROM runs_blocks') === last('switchyard.db', 'SELECT max(rowid) AS last FROM runs');
}

/** Bytes of the pages in use of the database and its search index, once their write-ahead logs are part of them. The server must have stopped. */
const usedBytes = (folder: string): number => ['switchyard.db', 'switchyard-search.db'].reduce((sum, file) => sum + usedIn(join(folder, file)), 0);

function usedIn(file: string): number {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const read = (name: string): number => Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
    return (read('page_count') - read('freelist_count')) * read('page_size');
  } finally {
    database.close();
  }
}
