import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readEvents } from '@switchyard/server/services/runs/journal-events.ts';
import { DEFAULT_WORKSPACE } from '@switchyard/server/store/collections.ts';
import { openSqliteStore } from '@switchyard/server/store/sqlite/sqlite-store.ts';
import type { Replay } from '@switchyard/shared/contracts/evaluation/replays.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { type Figure, withinFloor } from '../figure.ts';
import { call } from '../process/call.ts';
import { startServer } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { until } from '../process/until.ts';

const RUNS = 1_000;
/** Runs started at once. */
const AT_ONCE = 10;
const GOAL = 20;

/**
 * Replays 1,000 unchanged runs that look something up, write somewhere, and ask a model: how long that takes compared with reading the journals of
 * these runs, and how many requests arrive outside meanwhile. Throws if a replay differs.
 */
export async function replay(): Promise<Figure[]> {
  using folder = temporaryFolder();
  await using outside = await startOutside();
  let runIds: string[] = [];
  let replayMs = 0;
  {
    await using server = await startServer(folder.path, { env: { EGRESS_ALLOW: '127.0.0.1' } });
    const { address } = server;
    const { id } = await call<{ id: string }>(address, 'POST', '/api/workflows', { name: 'Parcels', graph: graphFor(outside.url) });
    await call(address, 'POST', `/api/workflows/${id}/publish`);
    runIds = await runLive(address, id);
    const before = outside.requests();
    replayMs = await replayAll(address, id);
    const made = outside.requests() - before;
    if (made > 0) throw new Error(`${made} requests arrived outside while unchanged runs were replayed.`);
  }
  const journalMs = await readJournals(folder.path, runIds);
  process.stderr.write(`  ${RUNS} runs replayed in ${Math.round(replayMs)} ms without a request outside, their journals read in ${Math.round(journalMs)} ms\n`);
  return [withinFloor('replay', 'ms', { value: replayMs, floor: journalMs, goal: GOAL })];
}

const place = { x: 0, y: 0 };

function graphFor(url: string): Graph {
  const node = (type: string, key: string, params: Record<string, unknown>) => ({
    id: key,
    type,
    position: place,
    data: { key, title: key, typeVersion: 1, params },
  });
  const nodes = [
    node('input', 'start', { schema: { type: 'object', properties: { message: { type: 'string' } } }, samples: [] }),
    node('tool', 'lookup', { url: `${url}/orders/{{ input.message }}` }),
    node('prompt', 'ask', { message: '{{ input.message }}: {{ steps.lookup.body.state }}', route: 'fast' }),
    node('tool', 'tell', { url: `${url}/told`, method: 'POST', bodyKind: 'json', json: { text: '{{ steps.ask.text }}' } }),
    node('output', 'reply', { value: '{{ steps.ask.text }}' }),
  ];
  const keys = nodes.map(({ id }) => id);
  const edges = keys.slice(1).map((target, index) => ({ id: target, source: keys[index] ?? '', sourceHandle: 'out', target }));
  return { nodes, edges } as unknown as Graph;
}

async function runLive(address: string, workflowId: string): Promise<string[]> {
  const ids: string[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < RUNS) {
      const body = { input: { message: `order ${next++}` }, version: 'live', wait: 20_000 };
      const { id, status } = await call<{ id: string; status: string }>(address, 'POST', `/api/workflows/${workflowId}/runs`, body);
      if (status !== 'succeeded') throw new Error(`The run ${id} is ${status}.`);
      ids.push(id);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return ids;
}

/** Resolves with how long it took. */
async function replayAll(address: string, workflowId: string): Promise<number> {
  const began = performance.now();
  const { id } = await call<Replay>(address, 'POST', '/api/replays', { workflowId, runs: { last: RUNS }, version: 1, maxCostMicros: 0 });
  const done = await until(
    'the replay',
    async () => {
      const now = await call<Replay>(address, 'GET', `/api/replays/${id}`);
      return now.status === 'finished' ? now : undefined;
    },
    300_000,
    500,
  );
  const { same } = done.counts;
  if (same !== RUNS || done.calls.asked > 0) throw new Error(`${same} of ${RUNS} runs are the same, and ${done.calls.asked} calls were made.`);
  return performance.now() - began;
}

async function readJournals(folder: string, runIds: readonly string[]): Promise<number> {
  const stores = openSqliteStore({ file: join(folder, 'switchyard.db') });
  const store = stores.in(DEFAULT_WORKSPACE);
  const began = performance.now();
  for (const id of runIds) if ((await readEvents(store, id)).length === 0) throw new Error(`The journal of ${id} is empty.`);
  const took = performance.now() - began;
  await stores.close();
  return took;
}

/** A server on this machine that counts requests. */
async function startOutside() {
  let requests = 0;
  const server: Server = createServer((request, response) => {
    requests++;
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"state":"sent"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
