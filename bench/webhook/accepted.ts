import { againstFloor, type Figure, median, underLimit } from '../figure.ts';
import { startServer } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { timeUntilAllEnded } from '../waiting/open-runs.ts';
import { publishOrders } from './publish-orders.ts';
import { putLoad } from './put-load.ts';
import { startFloor } from './start-floor.ts';
import { checkWholeJournals } from './whole-journals.ts';

const CONNECTIONS = 250;
const WARM_UP_S = 3;
const PASS_S = 6;
const PASSES = 3;

/** Runs accepted per second over 250 connections with bodies of 1 KB, against the floor, and how long the last run takes after the load. */
export async function accepted(): Promise<Figure[]> {
  using folder = temporaryFolder();
  await using server = await startServer(folder.path);
  await using floor = await startFloor(folder.path, 'NORMAL');
  const ours = await publishOrders(server.address, 'accepted');
  const bare = `${floor.address}/accept`;
  const load = (url: string, seconds: number) => putLoad(url, { seconds, connections: CONNECTIONS, expect: 'accepted' });
  const answered: string[] = [...(await load(ours, WARM_UP_S)).runIds];
  await load(bare, WARM_UP_S);
  const passes = { value: [] as number[], floor: [] as number[], drainMs: [] as number[] };
  for (let pass = 0; pass < PASSES; pass++) {
    const { perSecond, runIds } = await load(ours, PASS_S);
    answered.push(...runIds);
    passes.value.push(perSecond);
    passes.drainMs.push(await timeUntilAllEnded(server.address));
    passes.floor.push((await load(bare, PASS_S)).perSecond);
  }
  await server.stop();
  checkWholeJournals(folder.path, answered);
  return [
    againstFloor('accepted', 'runs/s', { value: median(passes.value), floor: median(passes.floor), goal: 0.3 }),
    underLimit('accepted-drain', 'ms', { value: Math.max(...passes.drainMs), goal: 2_000 }),
  ];
}
