import { join } from 'node:path';
import { type Figure, median, underLimit, withinFloor } from '../figure.ts';
import { call } from '../process/call.ts';
import { startServer } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { bareWork, EXPECTED, SOURCE, timed } from './bare-work.ts';

const STEPS = 40;
const WARM_UP = 10;
const PASSES = 30;

/** A run of 40 code nodes in a row, each with its own commit, against as many bare commits and bare evaluations. */
export async function fib40(): Promise<Figure[]> {
  using folder = temporaryFolder();
  await using server = await startServer(folder.path);
  const url = await publish(server.address);
  const floor = await bareWork(join(folder.path, 'floor.db'), STEPS);
  const passes = { value: [] as number[], floor: [] as number[] };
  for (let pass = -WARM_UP; pass < PASSES; pass++) {
    const [value, bare] = [await timed(() => runOnce(url)), await timed(floor)];
    if (pass < 0) continue;
    passes.value.push(value);
    passes.floor.push(bare);
  }
  const value = median(passes.value);
  return [withinFloor('fib-40', 'ms', { value, floor: median(passes.floor), goal: 2 }), underLimit('fib-40-time', 'ms', { value, goal: 100 })];
}

async function publish(address: string): Promise<string> {
  const keys = Array.from({ length: STEPS }, (_, index) => `step${index}`);
  const at = (id: string, type: string, params: object) => ({ id, type, position: { x: 0, y: 0 }, data: { key: id, title: id, typeVersion: 1, params } });
  const all = ['start', ...keys, 'reply'];
  const graph = {
    nodes: [
      at('start', 'input', { schema: {}, samples: [] }),
      ...keys.map((key) => at(key, 'code', { source: SOURCE })),
      at('reply', 'output', { value: `{{ steps.step${STEPS - 1} }}` }),
    ],
    edges: all.slice(1).map((target, index) => ({ id: target, source: all[index], sourceHandle: 'out', target, targetHandle: 'in' })),
  };
  const { id } = await call<{ id: string }>(address, 'POST', '/api/workflows', { name: 'Fibonacci', graph });
  await call(address, 'POST', `/api/workflows/${id}/publish`);
  return (await call<{ url: string }>(address, 'GET', `/api/workflows/${id}/webhook`)).url;
}

async function runOnce(url: string): Promise<void> {
  const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  const text = await reply.text();
  if (text !== String(EXPECTED)) throw new Error(`The run returned ${reply.status} ${text.slice(0, 300)}`);
}
