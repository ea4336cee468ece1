import { freshDatabase, TEST_MONGODB_URI } from '@switchyard/server/store/mongo/mongo-home.fixture.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chainGraph } from '../kit/chain.ts';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { journalFaults } from '../kit/journal-rules.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { begin, ended, journalOf, workflowOf } from '../kit/runs.ts';
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts';
import { until } from '../kit/until.ts';
import { type Owners, openOwners } from './owners.ts';

/* One process that serves callers and two that drive runs, as real processes on one MongoDB and one Redis (S41–S43). */

const { TEST_REDIS_URL } = process.env;
/** A process is considered dead after 10 s. */
const CONTINUES_MS = 12_000;
const HANDED_OVER_MS = 1_000;

describe.skipIf(!TEST_MONGODB_URI || !TEST_REDIS_URL)('several processes', () => {
  let database: ReturnType<typeof freshDatabase>;
  let owners: Owners;
  let fake: FakeProvider;
  let web: ServerProcess;
  const workers: ServerProcess[] = [];

  const start = (ROLE: string): Promise<ServerProcess> =>
    startServerProcess({
      env: {
        ROLE,
        MONGODB_URI: database.uri,
        REDIS_URL: TEST_REDIS_URL ?? '',
        SWITCHYARD_SECRET_KEY: '0'.repeat(64),
        SHUTDOWN_MS: '3000',
        EGRESS_ALLOW: '127.0.0.1',
      },
    });
  const addWorker = async (): Promise<void> => void workers.push(await start('worker'));

  beforeAll(async () => {
    database = freshDatabase(TEST_MONGODB_URI ?? '');
    fake = await startFakeProvider();
    web = await start('web');
    for (let count = 0; count < 2; count++) await addWorker();
    owners = await openOwners(database.uri);
    await routeTo(web, 'fake', fakeTarget(fake));
  });
  afterAll(async () => {
    for (const process of [web, ...workers]) await process?.[Symbol.asyncDispose]();
    await fake?.close();
    await owners?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });

  const driverOf = async (id: string): Promise<ServerProcess> => {
    const pid = await owners.pidOf(id);
    const driver = workers.find((worker) => worker.pid === pid);
    if (!driver) throw new Error(`No worker drives run ${id}.`);
    return driver;
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
    const [worker] = workers;
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
    workers.splice(workers.indexOf(driver), 1);
    await until('the run to be taken over', async () => (await journalOf(web, id)).some(({ type }) => type === 'driver-changed'));
    expect(performance.now() - began).toBeLessThan(CONTINUES_MS);
    expect(await answered(id)).toContain('killed');
    expect((await journalOf(web, id)).flatMap((event) => (event.type === 'driver-changed' ? [event.crashes] : []))).toEqual([0]);
    await addWorker();
  });

  test('runs of a worker that is stopped are handed over at once', async () => {
    const id = await runInItsCall('stopped');
    const driver = await driverOf(id);
    workers.splice(workers.indexOf(driver), 1);
    expect(await driver.stop()).toBe(0);
    await until('the run to be taken over', async () => (await journalOf(web, id)).some(({ type }) => type === 'driver-changed'));
    const events = await journalOf(web, id);
    const at = (type: string) => Date.parse(events.find((event) => event.type === type)?.at ?? '');
    expect(at('driver-changed') - at('driver-released')).toBeLessThan(HANDED_OVER_MS);
    expect(await answered(id)).toContain('stopped');
    await addWorker();
  });

  test('a process with another key is refused', async () => {
    await expect(
      startServerProcess({ env: { ROLE: 'worker', MONGODB_URI: database.uri, REDIS_URL: TEST_REDIS_URL ?? '', SWITCHYARD_SECRET_KEY: '1'.repeat(64) } }),
    ).rejects.toThrow('Set SWITCHYARD_SECRET_KEY to the same value');
  });
});
