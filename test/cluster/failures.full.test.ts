import { openBreakableProxy } from '@switchyard/server/store/mongo/breakable-proxy.fixture.ts';
import type { Run } from '@switchyard/shared/contracts/runs.ts';
import { getReady } from '@switchyard/shared/contracts/system.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { echoGraph } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { TIMED } from '../kit/patience.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { isCalling, readRun } from '../kit/runs.ts';
import { until } from '../kit/until.ts';
import { type Cluster, type Member, NO_CLUSTER, startCluster } from './cluster.ts';
import { type Owners, openOwners } from './owners.ts';
import { startTraffic, type Traffic } from './traffic.ts';

/* Processes that are not killed but paused, slow, or cut off from a database. Everything acknowledged ends, once (promise 22). */

/** More than one process drives at once, so each one has some. */
const RUNS = 16;
const SLOTS = '6';

describe.skipIf(NO_CLUSTER)('a cluster', () => {
  let cluster: Cluster;
  let fake: FakeProvider;
  let owners: Owners;

  beforeAll(async () => {
    fake = await startFakeProvider();
    cluster = await startCluster({ env: { LOG_LEVEL: 'silent', WORKER_SLOTS: SLOTS } });
    owners = await openOwners(cluster.mongo.uri);
    await routeTo(web(), 'fake', fakeTarget(fake, { atOnce: 64 }));
  });
  afterAll(async () => {
    await owners?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
    await fake?.close();
  });

  const web = () => (cluster.webs[0] as Member).now;
  const redis = async () => (await web().call(getReady, {})).redis?.state;
  const acknowledged = ({ acknowledged: all }: Traffic): string[] => all.map(({ runId }) => runId);
  /** Runs that this process drives, once there are some. */
  const drivenBy = (pid: number, traffic: Traffic): Promise<string[]> =>
    until('the process to drive runs', async () => {
      const owned = await owners.ownedBy(pid, acknowledged(traffic));
      return owned.length > 0 && owned;
    });
  const takenOver = (pid: number, runIds: readonly string[]): Promise<unknown> =>
    until('its runs to be taken over', async () => (await owners.ownedBy(pid, runIds)).length === 0);

  test('fences a worker that was paused during its calls', async () => {
    await using traffic = await startTraffic(cluster, 500);
    fake.failAlways({ kind: 'slow', delayMs: 250 });
    const calls = fake.calls.length;
    const sent = traffic.send(RUNS);
    const { pid, exited } = (cluster.workers[0] as Member).now;
    await until('calls of every node', () => traffic.sent() > 3 && fake.calls.length > calls + 10);
    const owned = await drivenBy(pid, traffic);
    process.kill(pid, 'SIGSTOP');
    try {
      await takenOver(pid, owned);
    } finally {
      process.kill(pid, 'SIGCONT');
      fake.failAlways(undefined);
    }
    await sent;
    const outcome = await traffic.outcome();
    expect(outcome).toMatchObject({ faults: [], runs: RUNS, crashes: 0 });
    expect(outcome.takeOvers).toBeGreaterThan(0);

    fake.failAlways({ kind: 'slow', delayMs: 50 });
    const more = until('the worker to drive runs again', async () => {
      await traffic.send(8);
      return (await owners.ownedBy(pid, acknowledged(traffic))).length > 0;
    });
    expect(await Promise.race([more, exited])).toBe(true);
    expect(await traffic.outcome()).toMatchObject({ faults: [], crashes: 0 });
  });

  test('takes over the runs of a worker that is cut off from MongoDB, which aborts their calls', async () => {
    await using mongo = await openBreakableProxy(cluster.mongo.uri);
    await using worker = await cluster.add('worker', { MONGODB_URI: mongo.uri });
    const { pid } = worker.now;
    await using traffic = await startTraffic(cluster);
    fake.failAlways({ kind: 'slow', delayMs: 6_000 });
    const { closedSockets } = fake;
    const earlier = fake.calls.length;
    const sent = traffic.send(RUNS);
    // The start of a call is on disk before the provider gets it, and the first call of a process takes a moment longer. Earlier tests sent
    // the same messages.
    const isStreamed = ({ input }: Run): boolean =>
      fake.calls.slice(earlier).some((call) => call.stream && call.messages.at(-1)?.text === `one: ${(input as { message: string }).message}`);
    const owned = await until('streamed calls of its runs', async () => {
      const runIds = await drivenBy(pid, traffic);
      const found = await Promise.all(runIds.map((id) => readRun(web(), id)));
      return found.some((run) => isCalling(run, 'one') && isStreamed(run)) && runIds;
    });
    await mongo.cut();
    fake.failAlways({ kind: 'slow', delayMs: 20 });
    await until('it to abort its calls', () => fake.closedSockets > closedSockets);
    await takenOver(pid, owned);
    await mongo.mend();
    await sent;
    const outcome = await traffic.outcome();
    expect(outcome).toMatchObject({ faults: [], runs: RUNS, crashes: 0 });
    expect(outcome.takeOvers).toBeGreaterThanOrEqual(1);
    await until('it to drive runs again', async () => {
      await traffic.send(8);
      return (await owners.ownedBy(pid, acknowledged(traffic))).length > 0;
    });
    expect(await traffic.outcome()).toMatchObject({ faults: [], crashes: 0 });
  });

  test('lets a worker that is cut off from Redis continue, and gives it new runs', TIMED, async () => {
    await using proxy = await openBreakableProxy(cluster.redis.uri);
    await using worker = await cluster.add('worker', { REDIS_URL: proxy.uri });
    const { pid } = worker.now;
    await using traffic = await startTraffic(cluster);
    fake.failAlways({ kind: 'slow', delayMs: 800 });
    const sent = traffic.send(2 * RUNS);
    const before = await drivenBy(pid, traffic);
    await proxy.cut();
    await until('it to drive another run', async () => (await owners.ownedBy(pid, acknowledged(traffic))).some((id) => !before.includes(id)));
    fake.failAlways(undefined);
    await sent;
    expect(await traffic.outcome()).toMatchObject({ faults: [], runs: 2 * RUNS, takeOvers: 0, repeated: 0 });
  });

  test('works without Redis, and at once when Redis is back', async () => {
    await using traffic = await startTraffic(cluster);
    fake.failAlways({ kind: 'slow', delayMs: 20 });
    const sent = traffic.send(RUNS / 2);
    await cluster.redis.cut();
    try {
      await until('Redis to be away', async () => (await redis()) === 'away');
      await Promise.all([sent, traffic.send(RUNS / 2)]);
      expect(await traffic.outcome()).toMatchObject({ faults: [], runs: RUNS, crashes: 0 });
    } finally {
      await cluster.redis.mend();
    }
    await until('Redis to be connected', async () => (await redis()) === 'connected');
    const { url } = await publishedWorkflow(web(), echoGraph());
    await until('a response long before a worker polls', async () => {
      const began = performance.now();
      const { status } = await web().send('POST', url, { body: { message: 'hi' } });
      return status === 200 && performance.now() - began < 1_000;
    });
  });

  test('works with a slow Redis', async () => {
    await using slow = await openBreakableProxy(cluster.redis.uri, 'mended', 150);
    await using _web = await cluster.add('web', { REDIS_URL: slow.uri });
    await using _worker = await cluster.add('worker', { REDIS_URL: slow.uri });
    await using traffic = await startTraffic(cluster);
    await traffic.send(2 * RUNS);
    expect(await traffic.outcome()).toMatchObject({ faults: [], runs: 2 * RUNS, crashes: 0 });
  });
});
