import { againstFloor, type Figure, median } from '../figure.ts';
import { startServer } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import type { LoadResult } from './load.ts';
import { startNodeRed } from './node-red.ts';
import { publishOrders } from './publish-orders.ts';
import { putLoad } from './put-load.ts';
import { startFloor } from './start-floor.ts';
import { checkWholeJournals } from './whole-journals.ts';

const WARM_UP_S = 3;
const PASS_S = 8;
const PASSES = 3;
const GOAL = 0.5;
const NODE_RED_GOAL = 1;

/**
 * Runs per second over the live webhook in mode `finished`, against the floor and Node-RED: in turn, with the same load, medians. Each
 * response is checked when it arrives, and the journal of each answered run after the server has stopped.
 */
export async function webhook(): Promise<Figure[]> {
  using folder = temporaryFolder();
  using redFolder = temporaryFolder();
  await using server = await startServer(folder.path);
  await using floor = await startFloor(folder.path, 'NORMAL');
  await using nodeRed = await startNodeRed(redFolder.path);
  const answered: string[] = [];
  const ours = await publishOrders(server.address);
  const load = async (name: string, url: string, seconds: number): Promise<number> => {
    const result = await putLoad(url, { seconds });
    if (url === ours) {
      if (result.runIds.length !== result.replies) throw new Error(`${result.replies} responses named ${result.runIds.length} runs.`);
      answered.push(...result.runIds);
    }
    process.stderr.write(`  ${name} ${describe(result)}\n`);
    return result.perSecond;
  };
  const sides = [
    { name: 'switchyard', url: ours, perSecond: [] as number[] },
    { name: 'floor', url: `${floor.address}/order`, perSecond: [] as number[] },
    ...(nodeRed ? [{ name: 'node-red', url: `${nodeRed.address}/order`, perSecond: [] as number[] }] : []),
  ];
  for (const { name, url } of sides) await load(`${name} warm-up`, url, WARM_UP_S);
  for (let pass = 0; pass < PASSES; pass++) for (const side of sides) side.perSecond.push(await load(side.name, side.url, PASS_S));
  await server.stop();
  checkWholeJournals(folder.path, answered);
  process.stderr.write(`  ${answered.length} responses, ${answered.length} complete journals\n`);
  const [value = 0, bare = 0, red] = sides.map(({ perSecond }) => median(perSecond));
  return [
    againstFloor('webhook', 'runs/s', { value, floor: bare, goal: GOAL }),
    ...(red === undefined ? [] : [againstFloor('webhook-node-red', 'runs/s', { value, floor: red, goal: NODE_RED_GOAL })]),
  ];
}

const describe = ({ perSecond, p50Ms, p99Ms }: LoadResult): string => `${Math.round(perSecond)}/s (p50 ${p50Ms} ms, p99 ${p99Ms} ms)`;
