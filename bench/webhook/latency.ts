import { type Figure, median, withinFloor } from '../figure.ts';
import { startServer } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import type { PacedResult } from './paced.ts';
import { publishOrders } from './publish-orders.ts';
import { putPaced } from './put-paced.ts';
import { startFloor } from './start-floor.ts';

const WARM_UP_S = 2;
const PASS_S = 5;
const PASSES = 3;
const RATE = 200;

/** Latency in mode `finished` against the floor at `synchronous=FULL`: p50 of one connection, and p99 at 200 requests per second. */
export async function latency(): Promise<Figure[]> {
  using folder = temporaryFolder();
  await using server = await startServer(folder.path);
  await using floor = await startFloor(folder.path, 'FULL');
  const ours = await publishOrders(server.address);
  const bare = `${floor.address}/order`;
  const inTurn = async (rate: number, read: (result: PacedResult) => number) => {
    for (const url of [ours, bare]) await putPaced(url, rate, WARM_UP_S);
    const passes = { value: [] as number[], floor: [] as number[] };
    for (let pass = 0; pass < PASSES; pass++) {
      passes.value.push(read(await putPaced(ours, rate, PASS_S)));
      passes.floor.push(read(await putPaced(bare, rate, PASS_S)));
    }
    return { value: median(passes.value), floor: median(passes.floor) };
  };
  return [
    withinFloor('latency-p50', 'ms', { ...(await inTurn(0, ({ p50Ms }) => p50Ms)), goal: 1.6 }),
    withinFloor('latency-p99-200/s', 'ms', { ...(await inTurn(RATE, ({ p99Ms }) => p99Ms)), goal: 4 }),
  ];
}
