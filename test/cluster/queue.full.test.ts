import { freshDatabase, TEST_MONGODB_URI } from '@switchyard/server/store/mongo/mongo-home.fixture.ts';
import { putQueueSettings } from '@switchyard/shared/contracts/queue/queue.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GatedServer, startGatedServer } from '../kit/gated-server.ts';
import { echoGraph, edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { begin, ended, readRun, workflowOf } from '../kit/runs.ts';
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts';
import { until } from '../kit/until.ts';

/* The limit of a workflow over several real processes on one MongoDB and one Redis (S44, S46). */

const { TEST_REDIS_URL } = process.env;
const LIMIT = 2;
const RUNS = 8;

describe.skipIf(!TEST_MONGODB_URI || !TEST_REDIS_URL)('a workflow with a limit, driven by several processes', () => {
  let database: ReturnType<typeof freshDatabase>;
  let gate: GatedServer;
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

  beforeAll(async () => {
    database = freshDatabase(TEST_MONGODB_URI ?? '');
    gate = await startGatedServer();
    web = await start('web');
    for (let count = 0; count < 2; count++) workers.push(await start('worker'));
  });
  afterAll(async () => {
    for (const process of [web, ...workers]) await process?.[Symbol.asyncDispose]();
    await gate?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });

  test('is never exceeded, and a worker that is killed keeps no slot', async () => {
    const id = await workflowOf(
      web,
      graphOf(
        [messageInput(), node('tool', 'fetch', { url: `${gate.url}/{{ input.message }}`, method: 'GET' }), node('output', 'reply', { value: 'done' })],
        [edge('start', 'fetch'), edge('fetch', 'reply')],
      ),
    );
    await web.call(putQueueSettings, { params: { id }, body: { concurrency: LIMIT } });
    const runs = [];
    for (let run = 0; run < RUNS; run++) runs.push(await begin(web, id, `run-${run}`));
    await until('the first calls', () => gate.open() === LIMIT);
    expect((await readRun(web, runs.at(-1)?.id ?? '')).queued).toMatchObject({ place: RUNS - LIMIT, reason: 'concurrency', running: LIMIT });

    await workers.shift()?.kill();
    gate.answerAll();
    for (const run of runs) expect(await ended(web, run.id)).toMatchObject({ status: 'succeeded' });
    expect(gate.most()).toBeLessThanOrEqual(LIMIT);
    expect(new Set(gate.seen).size).toBe(RUNS);
  });

  test('a queued run says that no worker is running once the last one was killed', async () => {
    for (const worker of workers.splice(0)) await worker.kill();
    const { id } = await begin(web, await workflowOf(web, echoGraph()));
    await until('the reason', async () => (await readRun(web, id)).queued?.reason === 'no-worker');
  });
});
