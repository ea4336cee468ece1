import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chainGraph } from '../kit/chain.ts';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { journalFaults } from '../kit/journal-rules.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { patience } from '../kit/patience.ts';
import { begin, ended, journalOf, workflowOf } from '../kit/runs.ts';
import type { ServerProcess } from '../kit/server-process.ts';
import { until } from '../kit/until.ts';
import { type Cluster, type Member, NO_CLUSTER, startCluster } from './cluster.ts';
import { type Owners, openOwners } from './owners.ts';

/* One process that serves callers and two that drive runs, as real processes on one MongoDB and one Redis (S41–S43). */

/** A process is considered dead after 10 s. */
const CONTINUES_MS = patience(12_000);
const HANDED_OVER_MS = patience(1_000);
const SHUTDOWN_MS = '3000';

describe.skipIf(NO_CLUSTER)('several processes', () => {
  let cluster: Cluster;
  let owners: Owners;
  let fake: FakeProvider;
  let web: ServerProcess;

  beforeAll(async () => {
    fake = await startFakeProvider();
    cluster = await startCluster({ env: { SHUTDOWN_MS } });
    web = (cluster.webs[0] as Member).now;
    owners = await openOwners(cluster.mongo.uri);
    await routeTo(web, 'fake', fakeTarget(fake));
  });
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
    await fake?.close();
    await owners?.[Symbol.asyncDispose]();
  });

  const driverOf = async (id: string): Promise<ServerProcess> => {
    const pid = await owners.pidOf(id);
    const driver = cluster.workers.find(({ now }) => now.pid === pid);
    if (!driver) throw new Error(`No worker drives run ${id}.`);
    return driver.now;
  };
  const runInItsCall = async (text: string): Promise<string> => {
    fake.failNext({ kind: 'hang' });
    const { id } = await begin(web, await workflowOf(web, chainGraph('fake')), text);
    await until('its call to arrive', () => fake.calls.some((call) => call.messages.at(-1)?.text?.includes(text)));
    return id;
  };
  const answered = async (id: string): Promise<string> => {
    const run = await ended(web, id);
    expect(run).toMatchObject({ status: 'succeeded', error: null });
    expect(journalFaults(await journalOf(web, id))).toEqual([]);
    return String(run.output);
  };

  test('a run accepted by one process is driven by another', async () => {
    const { id } = await begin(web, await workflowOf(web, chainGraph('fake')), 'plain');
    expect(await answered(id)).toContain('plain');
  });

  test('only serve what their role needs', async () => {
    const worker = cluster.workers[0]?.now;
    expect((await worker?.send('GET', '/api/health'))?.status).toBe(200);
    expect((await worker?.send('GET', '/api/ready'))?.status).toBe(200);
    expect((await worker?.send('GET', '/metrics'))?.status).toBe(200);
    expect((await worker?.send('GET', '/api/workflows'))?.status).toBe(404);
    expect((await worker?.send('GET', '/api/openapi.json'))?.status).toBe(404);
    expect((await worker?.send('GET', '/'))?.status).toBe(404);
  });

  test('runs of a worker that is killed continue at the other one within 12 s, and count no crash', async () => {
    const id = await runInItsCall('killed');
    const driver = await driverOf(id);
    await driver.kill();
    const began = performance.now();
    await until('the run to be taken over', async () => (await journalOf(web, id)).some(({ type }) => type === 'driver-changed'));
    expect(performance.now() - began).toBeLessThan(CONTINUES_MS);
    expect(await answered(id)).toContain('killed');
    expect((await journalOf(web, id)).flatMap((event) => (event.type === 'driver-changed' ? [event.crashes] : []))).toEqual([0]);
    await cluster.add('worker');
  });

  test('runs of a worker that is stopped are handed over at once', async () => {
    const id = await runInItsCall('stopped');
    const driver = await driverOf(id);
    expect(await driver.stop()).toBe(0);
    await until('the run to be taken over', async () => (await journalOf(web, id)).some(({ type }) => type === 'driver-changed'));
    const events = await journalOf(web, id);
    const at = (type: string) => Date.parse(events.find((event) => event.type === type)?.at ?? '');
    await cluster.add('worker');
    expect(at('driver-changed') - at('driver-released')).toBeLessThan(HANDED_OVER_MS);
    expect(await answered(id)).toContain('stopped');
  });

  test('a process with another key is refused', async () => {
    await expect(cluster.add('worker', { SWITCHYARD_SECRET_KEY: '1'.repeat(64) })).rejects.toThrow('Set SWITCHYARD_SECRET_KEY to the same value');
  });
});
