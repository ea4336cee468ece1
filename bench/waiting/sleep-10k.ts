import { againstFloor, type Figure, underLimit } from '../figure.ts';
import { startServer } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { orderWorkflow } from '../webhook/orders.ts';
import { publishOrders } from '../webhook/publish-orders.ts';
import { putLoad } from '../webhook/put-load.ts';
import { startFloor } from '../webhook/start-floor.ts';
import { timeUntilAllEnded } from './open-runs.ts';

const RUNS = 10_000;
const CONNECTIONS = 250;
const PASS_S = 2;
const WARM_UP_S = 2;
const DELAY = { by: 'duration', amount: '0.1', unit: 'seconds' };

/** 10,000 runs with a delay of 100 ms, accepted over 250 connections: the rate against the floor, and when the last one ends. */
export async function sleep10k(): Promise<Figure[]> {
  using folder = temporaryFolder();
  await using server = await startServer(folder.path);
  await using floor = await startFloor(folder.path, 'NORMAL');
  const ours = await publishOrders(server.address, 'accepted', delayed());
  const load = (url: string, seconds: number) => putLoad(url, { seconds, connections: CONNECTIONS, expect: 'accepted' });
  await load(ours, WARM_UP_S);
  await timeUntilAllEnded(server.address);
  await load(`${floor.address}/accept`, WARM_UP_S);
  let [accepted, passes] = [0, 0];
  while (accepted < RUNS) {
    accepted += (await load(ours, PASS_S)).runIds.length;
    passes++;
  }
  const drainMs = await timeUntilAllEnded(server.address);
  const seconds = passes * PASS_S;
  const bare = await load(`${floor.address}/accept`, seconds);
  process.stderr.write(`  ${accepted} runs in ${seconds} s\n`);
  return [
    againstFloor('sleep-10k', 'runs/s', { value: accepted / seconds, floor: bare.perSecond, goal: 0.3 }),
    underLimit('sleep-10k-drain', 'ms', { value: drainMs, goal: 2_000 }),
  ];
}

/** The order workflow with a delay behind its input. */
function delayed(): typeof orderWorkflow {
  const { nodes, edges } = orderWorkflow;
  const pause = { id: 'pause', type: 'delay', position: { x: 150, y: 0 }, data: { key: 'pause', title: 'pause', typeVersion: 1, params: DELAY } };
  return {
    ...orderWorkflow,
    nodes: [...nodes, pause],
    edges: [
      ...edges.map((edge) => (edge.source === 'start' ? { ...edge, source: 'pause' } : edge)),
      { id: 'p', source: 'start', target: 'pause', sourceHandle: 'out', targetHandle: 'in' },
    ],
  };
}
