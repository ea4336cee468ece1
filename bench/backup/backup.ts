import { join } from 'node:path';
import { switchyard } from '@switchyard/test/kit/switchyard.ts';
import { mongoForBench } from '../cluster/databases.ts';
import { type Figure, median, withinFloor } from '../figure.ts';
import { startServer } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { publishOrders } from '../webhook/publish-orders.ts';
import { putLoad } from '../webhook/put-load.ts';
import { putPaced } from '../webhook/put-paced.ts';

const FILL_S = 15;
const WARM_UP_S = 2;
const PASS_S = 8;
const PASSES = 3;
const RATE = 50;
const GOAL = 2;

/** The p99 of a webhook in mode `finished` while backups are made, against the same without: in turn, medians, on SQLite and on MongoDB. */
export async function backup(): Promise<Figure[]> {
  await using database = mongoForBench();
  return [await underBackups('backup-sqlite', {}), await underBackups('backup-mongo', { MONGODB_URI: database.uri })];
}

async function underBackups(name: string, env: Readonly<Record<string, string>>): Promise<Figure> {
  using data = temporaryFolder();
  using backups = temporaryFolder();
  await using server = await startServer(data.path, { env });
  const url = await publishOrders(server.address);
  const { replies } = await putLoad(url, { seconds: FILL_S });
  process.stderr.write(`  ${name}: ${replies} runs stored\n`);
  await putPaced(url, RATE, WARM_UP_S);
  let made = 0;
  /** Makes one backup after the other until the work is done. */
  const backedUpDuring = async <T>(work: Promise<T>): Promise<T> => {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      const { code, output } = await switchyard(['backup', join(backups.path, `${++made}`)], { ...env, DATA_DIR: data.path });
      if (code !== 0) throw new Error(`The backup failed: ${output}`);
    }
    return done;
  };
  const [busy, quiet]: [number[], number[]] = [[], []];
  for (let pass = 0; pass < PASSES; pass++) {
    const [without, during] = [await putPaced(url, RATE, PASS_S), await backedUpDuring(putPaced(url, RATE, PASS_S))];
    quiet.push(without.p99Ms);
    busy.push(during.p99Ms);
    process.stderr.write(`  ${name}: p99 ${without.p99Ms.toFixed(1)} ms, during backups ${during.p99Ms.toFixed(1)} ms\n`);
  }
  process.stderr.write(`  ${name}: ${made} backups\n`);
  return withinFloor(`${name}-p99`, 'ms', { value: median(busy), floor: median(quiet), goal: GOAL });
}
