import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Figure, median, underLimit, withinFloor } from '../figure.ts';
import { call } from '../process/call.ts';
import { startServer } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { bareWork, EXPECTED, SOURCE, timed } from './bare-work.ts';

const ITEMS = 400;
const CONCURRENCY = 10;
const WARM_UP = 3;
const PASSES = 10;

/** A for-each that runs user code once for each of 400 items, 10 at once, against as many bare commits and bare evaluations. */
export async function fan400(): Promise<Figure[]> {
  using folder = temporaryFolder();
  await using server = await startServer(folder.path);
  const url = await publish(server.address);
  const floor = await bareWork(join(folder.path, 'floor.db'), ITEMS);
  const passes = { value: [] as number[], floor: [] as number[] };
  for (let pass = -WARM_UP; pass < PASSES; pass++) {
    const [value, bare] = [await timed(() => runOnce(url)), await timed(floor)];
    if (pass < 0) continue;
    passes.value.push(value);
    passes.floor.push(bare);
  }
  const value = median(passes.value);
  return [withinFloor('fan-400', 'ms', { value, floor: median(passes.floor), goal: 2 }), underLimit('fan-400-time', 'ms', { value, goal: 500 })];
}

async function publish(address: string): Promise<string> {
  const at = (id: string, type: string, params: object, parentId?: string) => ({
    id,
    type,
    position: { x: 0, y: 0 },
    ...(parentId && { parentId }),
    data: { key: id, title: id, typeVersion: 1, params },
  });
  const edge = (source: string, target: string) => ({ id: target, source, sourceHandle: 'out', target, targetHandle: 'in' });
  const graph = {
    nodes: [
      at('start', 'input', { schema: {}, samples: [] }),
      at('each', 'for-each', { items: `{{ range(${ITEMS}) }}`, concurrency: CONCURRENCY }),
      at('fibo', 'code', { source: SOURCE }, 'each'),
      at('reply', 'output', { value: `{{ steps.each.items.filter(n, n == ${EXPECTED}).size() }}` }),
    ],
    edges: [edge('start', 'each'), edge('each', 'reply')],
  };
  const { id } = await call<{ id: string }>(address, 'POST', '/api/workflows', { name: 'Fan out', graph });
  await call(address, 'POST', `/api/workflows/${id}/publish`);
  return (await call<{ url: string }>(address, 'GET', `/api/workflows/${id}/webhook`)).url;
}

/** On a connection of its own: the server closes one that is idle as long as the bare work takes. */
async function runOnce(url: string): Promise<void> {
  const sent = request(url, { method: 'POST', agent: false, headers: { 'content-type': 'application/json' } });
  sent.end('{}');
  const [reply] = (await once(sent, 'response')) as [IncomingMessage];
  const found = await text(reply);
  if (found !== String(ITEMS)) throw new Error(`The run returned ${reply.statusCode} ${found.slice(0, 300)}`);
}
