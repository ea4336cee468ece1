import { putQueueSettings } from '@switchyard/shared/contracts/controls/queue.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GatedServer, startGatedServer } from '../kit/gated-server.ts';
import { echoGraph, edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { begin, ended, readRun, workflowOf } from '../kit/runs.ts';
import type { ServerProcess } from '../kit/server-process.ts';
import { until } from '../kit/until.ts';
import { type Cluster, type Member, NO_CLUSTER, startCluster } from './cluster.ts';

/* The limit of a workflow over several real processes on one MongoDB and one Redis (S44, S46). */

const LIMIT = 2;
const RUNS = 8;

describe.skipIf(NO_CLUSTER)('a workflow with a limit, driven by several processes', () => {
  let cluster: Cluster;
  let gate: GatedServer;
  let web: ServerProcess;

  beforeAll(async () => {
    gate = await startGatedServer();
    cluster = await startCluster();
    web = (cluster.webs[0] as Member).now;
  });
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
    await gate?.[Symbol.asyncDispose]();
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

    await cluster.workers[0]?.now.kill();
    gate.answerAll();
    for (const run of runs) expect(await ended(web, run.id)).toMatchObject({ status: 'succeeded' });
    expect(gate.most()).toBeLessThanOrEqual(LIMIT);
    expect(new Set(gate.seen).size).toBe(RUNS);
  });

  test('a queued run says that no worker is running once the last one was killed', async () => {
    for (const { now } of cluster.workers) await now.kill();
    const { id } = await begin(web, await workflowOf(web, echoGraph()));
    await until('the reason', async () => (await readRun(web, id)).queued?.reason === 'no-worker');
  });
});
