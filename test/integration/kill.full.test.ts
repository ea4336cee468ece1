import { decideReview, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { cancelRun, listRuns, type Run, startRun } from '@switchyard/shared/contracts/runs.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HttpReply } from '../kit/api.ts';
import { chainGraph } from '../kit/chain.ts';
import { eachGraph } from '../kit/each-graph.ts';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { echoGraph, edge, graphOf, messageInput, node, reviewGraph } from '../kit/graph.ts';
import { journalFaults } from '../kit/journal-rules.ts';
import { fakeTarget, routeTo, routeToDemo } from '../kit/model-route.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { requestGraph } from '../kit/request-graph.ts';
import { begin, ended, isCalling, isFinished, journalOf, readRun, stepOf, whenRun, workflowOf } from '../kit/runs.ts';
import { temporaryDir } from '../kit/server.ts';
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts';
import { startSilentServer } from '../kit/silent-server.ts';
import { until } from '../kit/until.ts';

/*
 * `kill -9` at chosen moments, on one data directory; test/soak/kills.test.ts uses many. Everything that was on disk before is there
 * afterwards, and every run ends as if nothing had happened.
 */

const ENV = { SWITCHYARD_DEMO_DELAY_MS: '300', EGRESS_ALLOW: '127.0.0.1' };

let dir: Awaited<ReturnType<typeof temporaryDir>>;
let server: ServerProcess;
let fake: FakeProvider;
/** Journals of ended runs: no restart may change them. */
const history = new Map<string, JournalEvent[]>();

beforeAll(async () => {
  dir = await temporaryDir();
  fake = await startFakeProvider();
  server = await startServerProcess({ dataDir: dir.path, env: ENV });
  await routeTo(server, 'fake', fakeTarget(fake));
  await routeToDemo(server, 'demo');
});

afterAll(async () => {
  await server?.kill();
  await fake?.close();
  await dir?.[Symbol.asyncDispose]();
});

async function crash(): Promise<void> {
  await server.kill();
  server = await startServerProcess({ dataDir: dir.path, env: ENV });
  for (const [id, events] of history) expect(await journalOf(server, id)).toEqual(events);
}

async function checkEnd(id: string, before: readonly JournalEvent[]): Promise<Run> {
  const run = await ended(server, id);
  expect(run).toMatchObject({ status: 'succeeded', error: null });
  const events = await journalOf(server, id);
  expect(events.slice(0, before.length)).toEqual(before);
  expect(journalFaults(events)).toEqual([]);
  history.set(id, events);
  return run;
}

const callsAbout = (text: string): string[] => fake.calls.map((call) => call.messages.at(-1)?.text ?? '').filter((asked) => asked.includes(text));
const answerOf = (text: string): string => `You said: three: You said: two: You said: one: ${text}`;

test.for(['first', 'second'])('a run killed in its second and again in its third model call keeps finished steps (%s run)', async (text) => {
  fake.failNext(undefined, { kind: 'hang' });
  const { id } = await begin(server, await workflowOf(server, chainGraph('fake')), text);
  const first = await whenRun(server, id, 'in its second call', (run) => isFinished(run, 'one') && callsAbout(text).length === 2);
  const before = await journalOf(server, id);
  fake.failNext(undefined, { kind: 'hang' });
  await crash();

  const second = await whenRun(server, id, 'in its third call', (run) => isFinished(run, 'two') && callsAbout(text).length === 4);
  expect(stepOf(second, 'one')).toEqual(stepOf(first, 'one'));
  expect(stepOf(second, 'two').startedAt).toBe(stepOf(first, 'two').startedAt);
  expect((await journalOf(server, id)).slice(0, before.length)).toEqual(before);
  const again = await journalOf(server, id);
  await crash();

  const run = await checkEnd(id, again);
  expect(run.output).toBe(answerOf(text));
  for (const key of ['one', 'two']) expect(stepOf(run, key)).toEqual(stepOf(second, key));
  expect(callsAbout(text).map((asked) => asked.split(':')[0])).toEqual(['one', 'two', 'two', 'three', 'three']);
});

test('a run of the demo model that is killed three times keeps finished steps', async () => {
  const { id } = await begin(server, await workflowOf(server, chainGraph('demo')), 'Where is my parcel?');
  const keys = ['one', 'two', 'three'];
  for (const [index, key] of keys.entries()) {
    const seen = await whenRun(server, id, `in call ${key}`, (run) => isCalling(run, key));
    const before = await journalOf(server, id);
    await crash();
    const after = await readRun(server, id);
    for (const done of keys.slice(0, index)) expect(stepOf(after, done)).toEqual(stepOf(seen, done));
    expect(stepOf(after, key).startedAt).toBe(stepOf(seen, key).startedAt);
    expect((await journalOf(server, id)).slice(0, before.length)).toEqual(before);
  }
  const run = await checkEnd(id, []);
  expect(run.demo).toBe(true);
  expect(keys.map((key) => stepOf(run, key).attempts.length)).toEqual([2, 2, 2]);
});

test('six runs killed at any moment each end, and pay for at most one more call per kill', async () => {
  fake.failAlways({ kind: 'slow', delayMs: 40 });
  const workflowId = await workflowOf(server, chainGraph('fake'));
  // Of different lengths, so the runs don't proceed in step.
  const texts = Array.from({ length: 6 }, (_, index) => `number-${index}${' word'.repeat(2 * index)}`);
  const begun = await Promise.all(texts.map((text) => begin(server, workflowId, text)));
  const readAll = () => Promise.all(begun.map(({ id }) => readRun(server, id)));
  for (const wanted of [3, 10]) {
    const before = await until(`${wanted} finished calls`, async () => {
      const runs = await readAll();
      return runs.flatMap(({ steps }) => steps.filter((step) => step.nodeType === 'prompt' && step.status === 'succeeded')).length >= wanted && runs;
    });
    expect(before.some((run) => !isEnded(run.status))).toBe(true);
    await crash();
    const after = await readAll();
    for (const [index, run] of before.entries()) {
      for (const step of run.steps.filter(({ status }) => status === 'succeeded')) expect(after[index]?.steps).toContainEqual(step);
    }
  }
  fake.failAlways(undefined);
  for (const [index, { id }] of begun.entries()) {
    const text = texts[index] ?? '';
    expect((await checkEnd(id, [])).output).toBe(answerOf(text));
    expect(callsAbout(text).length).toBeGreaterThanOrEqual(3);
    expect(callsAbout(text).length).toBeLessThanOrEqual(3 + 2);
  }
});

const askEach = (params: Record<string, unknown> = {}) =>
  eachGraph(
    { result: '{{ steps.ask.text }}', ...params },
    [node('prompt', 'ask', { message: 'about {{ item }}', route: 'fake' }), node('merge', 'last')],
    [['ask', 'last']],
  );

const beginEach = async (params: Record<string, unknown>, items: readonly string[]) =>
  server.call(startRun, { params: { id: await workflowOf(server, askEach(params)) }, body: { input: { items } } });

test('items that have finished never run again, however often the server is killed in the middle of others', async () => {
  fake.failAlways({ kind: 'slow', delayMs: 30 });
  const items = Array.from({ length: 40 }, (_, index) => `item-${index}.`);
  const { id } = await beginEach({ concurrency: 3 }, items);
  const finished = (events: readonly JournalEvent[]) => events.flatMap((event) => (event.type === 'frame-finished' ? [event.frameId] : []));
  let before: JournalEvent[] = [];
  for (const wanted of [5, 12, 25]) {
    before = await until(`${wanted} items to finish`, async () => {
      const events = await journalOf(server, id);
      return finished(events).length >= wanted && events;
    });
    await crash();
    expect((await journalOf(server, id)).slice(0, before.length)).toEqual(before);
  }
  fake.failAlways(undefined);
  const run = await checkEnd(id, before);
  expect(run.output).toMatchObject({ items: items.map((item) => `You said: about ${item}`), failed: [], count: 40, succeeded: 40 });
  const events = await journalOf(server, id);
  expect(new Set(finished(events)).size).toBe(40);
  expect(finished(events)).toHaveLength(40);
  // A kill interrupts at most three items. No call of a finished one is repeated.
  const calls = items.map((item) => callsAbout(item).length);
  expect(calls.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(40 + 3 * 3);
  expect(Math.min(...calls)).toBe(1);
});

test('an item that ends the server three times fails the run, naming its step, and other runs continue', async () => {
  fake.failAlways({ kind: 'hang' });
  const { id } = await beginEach({ concurrency: 1 }, ['poison', 'never reached']);
  for (let kill = 1; kill <= 3; kill++) {
    await until(`call ${kill}`, () => callsAbout('about poison').length === kill);
    await crash();
  }
  fake.failAlways(undefined);
  const run = await ended(server, id);
  expect(run).toMatchObject({ status: 'failed', error: { code: 'step-crashed', nodeKey: 'ask', stepId: 'each#1[0]/ask#1' } });
  expect(stepOf(run, 'each').status).toBe('cancelled');
  expect(await ended(server, (await begin(server, await workflowOf(server, echoGraph()))).id)).toMatchObject({ status: 'succeeded' });
});

test('a kill changes nothing in a run that waits for a person, and the decision continues it', async () => {
  const { id } = await begin(server, await workflowOf(server, reviewGraph()), 'Please check');
  await whenRun(server, id, 'waiting', ({ status }) => status === 'waiting');
  const before = (await server.send('GET', `/api/runs/${id}/events`)).text;
  const rows = (await server.send('GET', `/api/runs/${id}`)).text;
  for (let kill = 0; kill < 2; kill++) {
    await crash();
    expect((await server.send('GET', `/api/runs/${id}/events`)).text).toBe(before);
    expect((await server.send('GET', `/api/runs/${id}`)).text).toBe(rows);
  }
  const { items } = await server.call(listReviews, { query: { runId: id } });
  expect(items).toHaveLength(1);
  await server.call(decideReview, { params: { id: items[0]?.id ?? '' }, body: { decision: 'approve', values: { text: 'Checked' } } });
  expect((await checkEnd(id, JSON.parse(before).items)).output).toBe('Checked');
});

test('interrupted requests are sent again with the same key if safe, and a person decides about the rest', async () => {
  await using silent = await startSilentServer();
  const methods = ['GET', 'PUT', 'POST'];
  const begun = await Promise.all(methods.map(async (method) => begin(server, await workflowOf(server, requestGraph(silent.url, method)))));
  await until('the requests', () => silent.requests.length === 3);
  await crash();
  await until('the repeated ones', () => silent.requests.length === 5);
  const [, , post = { id: '' }] = begun;
  const asking = await whenRun(server, post.id, 'waiting', ({ status }) => status === 'waiting');
  expect(stepOf(asking, 'fetch')).toMatchObject({ status: 'waiting', wait: { kind: 'interrupted' } });
  const keysOf = (method: string) => silent.requests.filter((request) => request.method === method).map(({ idempotencyKey }) => idempotencyKey);
  expect(keysOf('GET')).toHaveLength(2);
  expect(keysOf('PUT')).toEqual(Array(2).fill(`${begun[1]?.id}:fetch#1/http:1`));
  expect(keysOf('POST')).toHaveLength(1);

  const { items } = await server.call(listReviews, { query: { runId: post.id } });
  expect(items).toMatchObject([{ title: expect.stringContaining('fetch'), decisions: [{ id: 'retry' }, { id: 'fail' }] }]);
  await server.call(decideReview, { params: { id: items[0]?.id ?? '' }, body: { decision: 'fail' } });
  expect(await ended(server, post.id)).toMatchObject({ status: 'failed', error: { code: 'step-interrupted', nodeKey: 'fetch' } });
  expect(keysOf('POST')).toHaveLength(1);
  await Promise.all(begun.slice(0, 2).map(({ id }) => server.call(cancelRun, { params: { id } })));
});

test('a kill right after a decision loses neither the decision nor the run', async () => {
  const { id } = await begin(server, await workflowOf(server, reviewGraph()), 'Please check');
  await whenRun(server, id, 'waiting', ({ status }) => status === 'waiting');
  const { items } = await server.call(listReviews, { query: { runId: id } });
  await server.call(decideReview, { params: { id: items[0]?.id ?? '' }, body: { decision: 'reject' } });
  await crash();
  expect((await checkEnd(id, [])).output).toBe('closed');
});

test('a reply that was sent is on disk, even if the server is killed at once', async () => {
  fake.failAlways(undefined);
  const { url } = await publishedWorkflow(server, chainGraph('fake'), { mode: 'finished' });
  const path = new URL(url).pathname;
  for (let kill = 0; kill < 2; kill++) {
    const replied: HttpReply[] = [];
    const sent = Array.from({ length: 8 }, (_, index) =>
      server.send('POST', path, { body: { message: `${kill} ${index}` } }).then(
        (reply) => replied.push(reply),
        // Requests interrupted by the kill have no reply.
        () => undefined,
      ),
    );
    await Promise.race(sent);
    await crash();
    await Promise.all(sent);
    expect(replied.length).toBeGreaterThan(0);
    for (const reply of replied) {
      expect(reply.status).toBe(200);
      const events = await journalOf(server, reply.headers.get('x-run-id') ?? '');
      const takenOver = events.findIndex(({ type }) => type === 'driver-changed');
      const beforeTheKill = takenOver < 0 ? events : events.slice(0, takenOver);
      expect(beforeTheKill).toContainEqual(expect.objectContaining({ type: 'step-finished', reply: expect.objectContaining({ value: reply.text }) }));
    }
  }
});

test('a run accepted with 202 exists and ends, even if the server is killed at once', async () => {
  const { id: workflowId, url } = await publishedWorkflow(server, echoGraph(), { mode: 'accepted' });
  for (let kill = 0; kill < 2; kill++) {
    const path = new URL(url).pathname;
    const replies = await Promise.all(Array.from({ length: 5 }, (_, index) => server.send('POST', path, { body: { message: `${kill} ${index}` } })));
    await crash();
    for (const [index, reply] of replies.entries()) {
      expect(reply.status).toBe(202);
      const { runId } = reply.json as { runId: string };
      expect((await checkEnd(runId, [])).output).toEqual({ message: `${kill} ${index}` });
    }
  }
  const statuses = async () => (await server.call(listRuns, { query: { workflowId } })).items.map(({ status }) => status);
  const all = await until('the list to say so', async () => {
    const now = await statuses();
    return now.every((status) => status === 'succeeded') && now;
  });
  expect(all).toHaveLength(10);
});

test('user code that is cut off runs again, and sees the same time', async () => {
  const source = 'const at = Date.now();\nfor (let i = 0; i < 60_000_000; i++);\nreturn { at, after: Date.now() };';
  const graph = graphOf(
    [messageInput(), node('code', 'js', { source, seconds: 60 }), node('output', 'reply', { value: '{{ steps.js }}' })],
    [edge('start', 'js'), edge('js', 'reply')],
  );
  const { id } = await begin(server, await workflowOf(server, graph));
  const cut = await whenRun(server, id, 'in its code', (run) => isCalling(run, 'js'));
  const before = await journalOf(server, id);
  await crash();
  const run = await checkEnd(id, before);
  const at = Date.parse(stepOf(cut, 'js').startedAt ?? '');
  expect(run.output).toEqual({ at, after: at });
  expect(stepOf(run, 'js')).toMatchObject({ startedAt: stepOf(cut, 'js').startedAt, calls: [{ id: 'js#1/code:1', status: 'succeeded' }] });
});
