import { join } from 'node:path';
import { againstFloor, type Figure, median } from '../figure.ts';
import { startServer } from '../process/child.ts';
import { resultOf } from '../process/forked.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { publishOrders } from '../webhook/publish-orders.ts';
import { putLoad } from '../webhook/put-load.ts';
import { mongoForBench } from './databases.ts';

const WARM_UP_S = 3;
const PASS_S = 6;
const PASSES = 3;
const GOAL_OF_INSERTS = 0.3;
const GOAL_OF_SQLITE = 0.6;

/**
 * Runs per second over the live webhook in mode `finished` with records in MongoDB, against the same on SQLite, and against writers that
 * insert the same documents in batches: in turn, medians.
 */
export async function webhookMongo(): Promise<Figure[]> {
  await using database = mongoForBench();
  using mongoFolder = temporaryFolder();
  using sqliteFolder = temporaryFolder();
  await using onMongo = await startServer(mongoFolder.path, { env: { MONGODB_URI: database.uri } });
  await using onSqlite = await startServer(sqliteFolder.path);
  const urls = { mongo: await publishOrders(onMongo.address), sqlite: await publishOrders(onSqlite.address) };
  const load = async (name: keyof typeof urls, seconds: number): Promise<number> => {
    const { perSecond, p50Ms, p99Ms } = await putLoad(urls[name], { seconds });
    process.stderr.write(`  ${name} ${Math.round(perSecond)}/s (p50 ${p50Ms} ms, p99 ${p99Ms} ms)\n`);
    return perSecond;
  };
  const inserts = async (): Promise<number> => {
    const perSecond = await resultOf<number>(join(import.meta.dirname, 'insert-floor.ts'), [database.uri, PASS_S]);
    process.stderr.write(`  inserts ${Math.round(perSecond)}/s\n`);
    return perSecond;
  };
  for (const name of ['mongo', 'sqlite'] as const) await load(name, WARM_UP_S);
  const [mongo, sqlite, bare]: number[][] = [[], [], []];
  for (let pass = 0; pass < PASSES; pass++) {
    mongo?.push(await load('mongo', PASS_S));
    sqlite?.push(await load('sqlite', PASS_S));
    bare?.push(await inserts());
  }
  const value = median(mongo ?? []);
  return [
    againstFloor('webhook-mongo', 'runs/s', { value, floor: median(bare ?? []), goal: GOAL_OF_INSERTS }),
    againstFloor('webhook-mongo-sqlite', 'runs/s', { value, floor: median(sqlite ?? []), goal: GOAL_OF_SQLITE }),
  ];
}
