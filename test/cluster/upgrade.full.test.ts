import { DEFAULT_WORKSPACE, processes, runs } from '@switchyard/server/store/collections.ts';
import { freshDatabase, TEST_MONGODB_URI } from '@switchyard/server/store/mongo/mongo-home.fixture.ts';
import { openMongoStore } from '@switchyard/server/store/mongo/mongo-store.ts';
import type { Store } from '@switchyard/server/store/port.ts';
import { INSTALLATION } from '@switchyard/server/store/workspaces.ts';
import { decideReview } from '@switchyard/shared/contracts/reviews.ts';
import { listRuns } from '@switchyard/shared/contracts/runs.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { edge, graphOf, messageInput, node, reviewGraph } from '../kit/graph.ts';
import { journalFaults } from '../kit/journal-rules.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { openTask } from '../kit/review-task.ts';
import { begin, ended, journalOf, readRun, whenRun, workflowOf } from '../kit/runs.ts';
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts';
import { until } from '../kit/until.ts';
import { ADDS_EVENTS_TO_NEW_NODE, ADDS_EVENTS_TO_REVIEWS, HAS_ANOTHER_NODE } from '../soak/breakages.ts';
import { brokenBuild } from '../soak/broken-build.ts';

/* A rolling upgrade (S41): this version is the older one, and the newer one knows another node type and writes newer events. */

const { TEST_REDIS_URL } = process.env;
const RUNS = 8;
const NEWER = brokenBuild(HAS_ANOTHER_NODE, ADDS_EVENTS_TO_REVIEWS);
/** Here, runs with the new node type get new events. */
const ADDS_EVENTS = brokenBuild(HAS_ANOTHER_NODE, ADDS_EVENTS_TO_NEW_NODE);

const graphWith = (type: string) =>
  graphOf(
    [messageInput(), node(type, 'shape', { fields: [{ name: 'text', value: 'input.message' }] }), node('output', 'reply', { value: '{{ steps.shape.text }}' })],
    [edge('start', 'shape'), edge('shape', 'reply')],
  );

describe.skipIf(!TEST_MONGODB_URI || !TEST_REDIS_URL)('during an upgrade', () => {
  let database: ReturnType<typeof freshDatabase>;
  let store: Store;
  let web: ServerProcess;
  let started: ServerProcess[] = [];

  const start = async (ROLE: string, build: Readonly<Record<string, string>> = {}): Promise<ServerProcess> => {
    const env = { ROLE, MONGODB_URI: database.uri, REDIS_URL: TEST_REDIS_URL ?? '', SWITCHYARD_SECRET_KEY: '0'.repeat(64), ...build };
    const server = await startServerProcess({ env });
    started.push(server);
    return server;
  };

  beforeEach(async () => {
    database = freshDatabase(TEST_MONGODB_URI ?? '');
    web = await start('web', NEWER);
    store = await openMongoStore({ uri: database.uri });
  });
  afterEach(async () => {
    for (const server of started) await server[Symbol.asyncDispose]();
    started = [];
    await store?.close();
    await database?.[Symbol.asyncDispose]();
  });

  const succeeded = async (id: string): Promise<void> => {
    expect(await ended(web, id)).toMatchObject({ status: 'succeeded', error: null });
    const events = await journalOf(web, id);
    expect(journalFaults(events)).toEqual([]);
    expect(events.filter((event) => event.type === 'driver-changed' && event.crashes !== 0)).toEqual([]);
  };
  const plainRun = async (): Promise<void> => succeeded((await begin(web, await workflowOf(web, graphWith('transform')))).id);

  test('runs with a new node type all succeed on the newer worker', async () => {
    await start('worker');
    await start('worker', NEWER);
    const workflows = [await workflowOf(web, graphWith('reshape')), await workflowOf(web, graphWith('transform'))];
    const ids: string[] = [];
    for (let run = 0; run < RUNS; run++) for (const workflow of workflows) ids.push((await begin(web, workflow)).id);
    for (const id of ids) await succeeded(id);
  });

  test('an older process that serves callers too leaves the runs it accepted to the newer worker', async () => {
    const both = await start('all');
    await start('worker', NEWER);
    for (const mode of ['finished', 'accepted'] as const) {
      const { id, url } = await publishedWorkflow(web, graphWith('reshape'), { mode });
      const { pathname } = new URL(url);
      const answer = await fetch(`${both.base}${pathname}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"message":"Hello"}' });
      expect([200, 202]).toContain(answer.status);
      const [run] = await until('the run', async () => {
        const { items } = await web.call(listRuns, { query: { workflowId: id } });
        return items.length > 0 && items;
      });
      await succeeded(run?.id ?? '');
    }
  });

  test('without a newer worker, runs with a new node type stay queued and say why, and others are driven', async () => {
    const older = await start('worker');
    const { id } = await begin(web, await workflowOf(web, graphWith('reshape')));
    for (let run = 0; run < 3; run++) await plainRun();
    // A web process reads the list of workers once a second.
    expect(await whenRun(web, id, 'queued for a newer worker', ({ queued }) => queued?.reason === 'unknown-version')).toMatchObject({
      status: 'queued',
      queued: { place: 1 },
    });
    const record = await store.in(DEFAULT_WORKSPACE).get(runs, id);
    expect([record?.owner ?? null, record?.ownerEpoch ?? 0]).toEqual([null, 0]);
    await start('worker', NEWER);
    await succeeded(id);
    expect(older.output()).not.toContain('Error');
  });

  test('a run that would get new events waits until the last older process has stopped, and others are driven', async () => {
    const newerWeb = await start('web', ADDS_EVENTS);
    const older = await start('worker');
    await start('worker', ADDS_EVENTS);
    const { id } = await begin(web, await workflowOf(web, graphWith('reshape')));
    for (let run = 0; run < 3; run++) await plainRun();
    expect(await whenRun(newerWeb, id, 'queued during the upgrade', ({ queued }) => queued?.reason === 'upgrade')).toMatchObject({
      status: 'queued',
      queued: { place: 1 },
    });
    await older.stop();
    await succeeded(id);
  });

  test('a run with newer events continues only on a newer worker', async () => {
    const newer = await start('worker', NEWER);
    const { id } = await begin(web, await workflowOf(web, reviewGraph()));
    await whenRun(web, id, 'waiting', ({ status }) => status === 'waiting');
    const { id: owner } = (await store.in(INSTALLATION).find(processes)).items.find(({ role }) => role === 'worker') ?? {};
    await newer.stop();
    expect(await store.in(INSTALLATION).get(processes, owner ?? '')).toBeUndefined();
    await start('worker');
    const { id: review } = await openTask(web, id);
    await web.call(decideReview, { params: { id: review }, body: { decision: 'approve', values: { text: 'Yes' } } });
    for (let run = 0; run < 3; run++) await plainRun();
    expect(await readRun(web, id)).toMatchObject({ status: 'waiting' });
    await start('worker', NEWER);
    await succeeded(id);
  });
});
