import { listRuns } from '@switchyard/shared/contracts/runs.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, messageInput, modelGraph, node } from '../kit/graph.ts';
import { journalFaults } from '../kit/journal-rules.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { begin, ended, journalOf, readRun, workflowOf } from '../kit/runs.ts';
import { temporaryDir } from '../kit/server.ts';
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts';
import { until } from '../kit/until.ts';

/* `kill -9` while child runs start, run, and end: each is started once, and its parent learns of its end. */

let dir: Awaited<ReturnType<typeof temporaryDir>>;
let server: ServerProcess;
let fake: FakeProvider;

beforeAll(async () => {
  dir = await temporaryDir();
  fake = await startFakeProvider();
  server = await startServerProcess({ dataDir: dir.path, env: { EGRESS_ALLOW: '127.0.0.1' } });
  await routeTo(server, 'fast', fakeTarget(fake));
});

afterAll(async () => {
  await server?.kill();
  await fake?.close();
  await dir?.[Symbol.asyncDispose]();
});

test('a workflow called once per item, killed several times, starts each child run once', async () => {
  fake.failAlways({ kind: 'slow', delayMs: 20 });
  const { id: inner } = await publishedWorkflow(server, modelGraph());
  const letters = [...'abcdefghijkl'];
  const outer = graphOf(
    [
      messageInput(),
      node('for-each', 'each', { items: `{{ ${JSON.stringify(letters)} }}`, concurrency: 3 }),
      { ...node('workflow', 'child', { workflowId: inner, input: { message: '{{ item }}' } }), parentId: 'each' },
      node('output', 'reply', { value: '{{ steps.each.items }}' }),
    ],
    [edge('start', 'each'), edge('each', 'reply')],
  );
  const { id } = await begin(server, await workflowOf(server, outer));
  const children = async () => (await server.call(listRuns, { query: { parent: id, limit: 500 } })).items;
  for (const wanted of [1, 4, 8]) {
    await until(`${wanted} ended child runs`, async () => (await children()).filter(({ status }) => status === 'succeeded').length >= wanted);
    await server.kill();
    server = await startServerProcess({ dataDir: dir.path, env: { EGRESS_ALLOW: '127.0.0.1' } });
  }
  const run = await ended(server, id);
  expect(run).toMatchObject({ status: 'succeeded', error: null });
  expect(run.output).toHaveLength(letters.length);
  const all = await children();
  expect(all).toHaveLength(letters.length);
  for (const child of all) {
    expect(child).toMatchObject({ status: 'succeeded', error: null });
    expect(journalFaults(await journalOf(server, child.id))).toEqual([]);
    expect((await readRun(server, child.id)).parent?.runId).toBe(id);
  }
  const finished = (await journalOf(server, id)).filter(({ type }) => type === 'frame-finished');
  expect(finished).toHaveLength(letters.length);
});
