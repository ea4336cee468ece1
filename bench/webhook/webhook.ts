import { fileURLToPath } from 'node:url';
import { againstFloor, type Figure, median } from '../figure.ts';
import { call } from '../process/call.ts';
import { startChild, startServer } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import type { LoadResult } from './load.ts';
import { orderWorkflow } from './orders.ts';
import { putLoad } from './put-load.ts';
import { checkWholeJournals } from './whole-journals.ts';

const FLOOR = fileURLToPath(new URL('./floor.ts', import.meta.url));
const WARM_UP_S = 3;
const PASS_S = 8;
const PASSES = 3;
const GOAL = 0.15;

/**
 * Runs a second over the live webhook in mode `finished`, against the floor: in turn, same load, medians. Each reply is checked when
 * it comes, and the journal of each run that was answered once the server has stopped.
 */
export async function webhook(): Promise<Figure[]> {
  using folder = temporaryFolder();
  await using server = await startServer(folder.path);
  await using floor = await startChild({ file: process.execPath, args: [FLOOR, folder.path] });
  const ours = await publishOrders(server.address);
  const theirs = `${floor.address}/order`;
  const answered = [...(await putLoad(ours, WARM_UP_S)).runIds];
  await putLoad(theirs, WARM_UP_S);
  const passes = { ours: [] as number[], theirs: [] as number[] };
  for (let pass = 0; pass < PASSES; pass++) {
    const run = await putLoad(ours, PASS_S);
    if (run.runIds.length !== run.replies) throw new Error(`${run.replies} replies named ${run.runIds.length} runs.`);
    answered.push(...run.runIds);
    passes.ours.push(run.perSecond);
    const bare = await putLoad(theirs, PASS_S);
    passes.theirs.push(bare.perSecond);
    process.stderr.write(`  ours ${words(run)}; floor ${words(bare)}\n`);
  }
  await server.stop();
  checkWholeJournals(folder.path, answered);
  process.stderr.write(`  ${answered.length} replies, ${answered.length} whole journals\n`);
  return [againstFloor('webhook', 'runs/s', { value: median(passes.ours), floor: median(passes.theirs), goal: GOAL })];
}

const words = ({ perSecond, p50Ms, p99Ms }: LoadResult): string => `${Math.round(perSecond)}/s (p50 ${p50Ms} ms, p99 ${p99Ms} ms)`;

/** Makes and publishes the workflow; answers its live address. */
async function publishOrders(address: string): Promise<string> {
  const { id } = await call<{ id: string }>(address, 'POST', '/api/workflows', { name: 'Orders', graph: orderWorkflow });
  await call(address, 'PUT', `/api/workflows/${id}/webhook`, { mode: 'finished' });
  await call(address, 'POST', `/api/workflows/${id}/publish`);
  return (await call<{ url: string }>(address, 'GET', `/api/workflows/${id}/webhook`)).url;
}
