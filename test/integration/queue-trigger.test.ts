import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { openTestRedis } from '@switchyard/server/data-servers/test-redis.fixture.ts';
import { createConnection, getConnectionUsage, testConnection } from '@switchyard/shared/contracts/models.ts';
import { listRuns } from '@switchyard/shared/contracts/runs.ts';
import { createTrigger, listTriggerDeliveries, listTriggers, type Trigger, updateTrigger } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { pauseWorkflow, resumeWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { expect, test } from 'vitest';
import type { TestApi } from '../kit/api.ts';
import { edge, graphOf, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { ended } from '../kit/runs.ts';
import { startTestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';

const REDIS_URL = process.env.TEST_REDIS_URL ?? '';
const redisTest = test.skipIf(REDIS_URL === '');
const env = { EGRESS_ALLOW: '127.0.0.1' };

const SCHEMA = { type: 'object', required: ['order'], properties: { order: { type: 'string' }, count: { type: 'integer' } } };
const GRAPH = graphOf([node('input', 'start', { schema: SCHEMA }), node('output', 'reply', { value: '{{ input }}' })], [edge('start', 'reply')]);

/** A stream of its own, deleted afterwards. */
function ownStream() {
  const redis = openTestRedis();
  const name = `switchyard:test-${randomUUID()}`;
  return {
    name,
    redis,
    add: (fields: Record<string, string>) => redis.xadd(name, '*', ...Object.entries(fields).flat()),
    /** Messages that were delivered and not acknowledged. */
    pending: async () => Number(((await redis.xpending(name, 'switchyard')) as unknown[])[0]),
    [Symbol.asyncDispose]: async () => {
      await redis.del(name);
      redis.disconnect();
    },
  };
}

/** Passes connections on to Redis while it is up. */
async function startProxy() {
  const sockets = new Set<Socket>();
  const { hostname, port: target } = new URL(REDIS_URL);
  let isUp = true;
  const server = createServer((socket) => {
    if (!isUp) return void socket.destroy();
    const other = connect(Number(target), hostname);
    for (const one of [socket, other]) sockets.add(one.on('error', () => {}));
    socket.pipe(other).pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    down: () => {
      isUp = false;
      cut();
    },
    up: () => {
      isUp = true;
    },
    [Symbol.asyncDispose]: async () => {
      cut();
      server.close();
    },
  };
}

async function queueOf(api: TestApi, stream: string, baseUrl = REDIS_URL, source: Record<string, unknown> = {}) {
  const { id } = await publishedWorkflow(api, GRAPH);
  const connection = await api.call(createConnection, { body: { name: `Redis ${stream}`, kind: 'redis', baseUrl } });
  const trigger = await api.call(createTrigger, {
    params: { id },
    body: { kind: 'queue', source: { connectionId: connection.id, stream, from: 'beginning', ...source } as never },
  });
  const current = async (): Promise<Trigger | undefined> => (await api.call(listTriggers, { params: { id } })).items[0];
  const deliveries = async () => (await api.call(listTriggerDeliveries, { params: { id: trigger.id } })).items;
  const runsAtLeast = (count: number) =>
    until(`${count} runs`, async () => {
      const { items } = await api.call(listRuns, { query: { workflowId: id } });
      return items.length >= count && items;
    });
  return { id, connection, trigger, current, deliveries, runsAtLeast };
}

redisTest('a message starts one run and is acknowledged, and one that is not valid is reported and holds up nothing', async () => {
  await using stream = ownStream();
  await using server = await startTestServer({ env });
  await stream.add({ data: '{"order": "A-1"}' });
  const queue = await queueOf(server, stream.name);
  await stream.add({ order: 'A-2', count: '3' });
  const bad = await stream.add({ color: 'red' });
  await stream.add({ order: 'A-3', count: 'many' });
  await stream.add({ order: 'A-4' });
  const runs = await queue.runsAtLeast(3);
  const outputs = await Promise.all(runs.map(async ({ id }) => (await ended(server, id)).output));
  expect(outputs.toSorted((one, two) => JSON.stringify(one).localeCompare(JSON.stringify(two)))).toEqual([
    { order: 'A-1' },
    { order: 'A-2', count: 3 },
    { order: 'A-4' },
  ]);
  expect(runs[0]).toMatchObject({ trigger: 'queue', version: 1 });
  await until('all acknowledged', async () => (await stream.pending()) === 0);
  const rejected = (await queue.deliveries()).filter(({ outcome }) => outcome === 'rejected');
  expect(rejected.map(({ id, code }) => [id, code])).toContainEqual([`${queue.trigger.id}:${bad}`, 'bad-input']);
  expect(rejected).toHaveLength(2);
  expect((await server.call(testConnection, { params: { id: queue.connection.id } })).health).toMatchObject({
    ok: true,
    message: expect.stringMatching(/^Redis \d/),
  });
  expect((await server.call(getConnectionUsage, { params: { id: queue.connection.id } })).workflows).toMatchObject([{ id: queue.id }]);
});

redisTest('messages wait while the workflow is paused, and while Redis is away, and say so', async () => {
  await using stream = ownStream();
  await using proxy = await startProxy();
  await using server = await startTestServer({ env });
  const queue = await queueOf(server, stream.name, proxy.url);
  const waitsFor = (code: string | null) => until(`waiting for ${code}`, async () => (await queue.current())?.waitsFor === code);
  await server.call(pauseWorkflow, { params: { id: queue.id }, body: { reason: 'Holiday' } });
  await stream.add({ order: 'A-1' });
  await waitsFor('paused');
  await server.call(resumeWorkflow, { params: { id: queue.id }, body: undefined });
  await queue.runsAtLeast(1);
  await waitsFor(null);
  proxy.down();
  await waitsFor('connect-failed');
  await stream.add({ order: 'A-2' });
  proxy.up();
  await queue.runsAtLeast(2);
  await waitsFor(null);
  await until('all acknowledged', async () => (await stream.pending()) === 0);
});

redisTest('a message that another consumer left is taken over, and one that was accepted already starts nothing more', async () => {
  await using stream = ownStream();
  await using server = await startTestServer({ env });
  const queue = await queueOf(server, stream.name);
  await stream.add({ order: 'A-1' });
  await queue.runsAtLeast(1);
  await server.call(updateTrigger, { params: { id: queue.trigger.id }, body: { enabled: false } });
  await until('all acknowledged', async () => (await stream.pending()) === 0);
  // As after a crash between the run and its acknowledgement, and one before the run.
  await stream.redis.xgroup('SETID', stream.name, 'switchyard', '0');
  const crashed = `switchyard-${randomUUID()}`;
  await stream.add({ order: 'A-2' });
  await stream.redis.xreadgroup('GROUP', 'switchyard', crashed, 'COUNT', 10, 'STREAMS', stream.name, '>');
  const [pending] = (await stream.redis.xpending(stream.name, 'switchyard', '-', '+', 10, crashed)) as [string][];
  // Idle for longer than a consumer that works.
  const all = (await stream.redis.xpending(stream.name, 'switchyard', '-', '+', 10, crashed)) as [string][];
  await stream.redis.call('XCLAIM', stream.name, 'switchyard', crashed, '0', ...all.map(([id]) => id), 'IDLE', '120000', 'JUSTID');
  expect(pending).toBeDefined();
  await server.call(updateTrigger, { params: { id: queue.trigger.id }, body: { enabled: true } });
  await queue.runsAtLeast(2);
  await until('all acknowledged', async () => (await stream.pending()) === 0);
  expect(await queue.runsAtLeast(2)).toHaveLength(2);
});

test('a queue needs a Redis connection, whose URL has no password', async () => {
  await using server = await startTestServer();
  const { id } = await publishedWorkflow(server, GRAPH);
  const body = { kind: 'queue', source: { connectionId: 'con_none', stream: 'orders' } } as never;
  expect(await server.refused(createTrigger, { params: { id }, body })).toMatchObject({ code: 'bad-request', errors: [{ path: 'source.connectionId' }] });
  for (const baseUrl of ['redis://:secret@redis.example.com', 'https://redis.example.com', 'redis://redis.example.com/orders'])
    expect(await server.refused(createConnection, { body: { name: 'Redis', kind: 'redis', baseUrl } })).toMatchObject({ errors: [{ path: 'baseUrl' }] });
  const blocked = await server.call(createConnection, { body: { name: 'Local', kind: 'redis', baseUrl: 'redis://127.0.0.1:6379' } });
  expect((await server.call(testConnection, { params: { id: blocked.id } })).health).toMatchObject({
    ok: false,
    message: expect.stringContaining('EGRESS_ALLOW'),
  });
});
