import { randomUUID } from 'node:crypto';
import { compareBillsOfMaterials } from '@switchyard/shared/contracts/bill-of-materials.ts';
import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { createErasure, putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { decideReview, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { listRuns, rerunRun, startRun } from '@switchyard/shared/contracts/runs.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eachGraph, transform } from '../kit/each-graph.ts';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { echoGraph, edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { journalOf, readRun, whenRun } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { everythingReadable, filesOfDatabase, ON_MONGODB } from '../kit/store.ts';
import { until } from '../kit/until.ts';
import { watchRun } from '../kit/watcher.ts';

const MAIL = 'jane.roe@example.com';

let server: TestServer;
let fake: FakeProvider;
beforeAll(async () => {
  server = await startTestServer();
  fake = await startFakeProvider();
  await routeTo(server, 'echo', fakeTarget(fake));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await fake[Symbol.asyncDispose]();
});

const askGraph = () =>
  graphOf(
    [messageInput(), node('prompt', 'ask', { message: '{{ input.message }}', route: 'echo' }), node('output', 'reply', { value: '{{ steps.ask.text }}' })],
    [edge('start', 'ask'), edge('ask', 'reply')],
  );
const setPolicy = (id: string, body: BodyOf<typeof putPolicies>) => server.call(putPolicies, { params: { id }, body });
const post = (url: string, body: unknown, headers: Record<string, string> = {}) => server.send('POST', url, { body, headers });

describe('logging', () => {
  const removedRun = (id: string) => whenRun(server, id, 'without payloads', ({ payloadsRemovedAt }) => typeof payloadsRemovedAt === 'string');

  test('keeps only the allowed fields of a run once it has ended', async () => {
    const workflow = await publishedWorkflow(server, askGraph());
    await setPolicy(workflow.id, { logging: 'redacted', keep: ['topic'] });
    fake.answerWith(() => 'the answer of the model');
    const reply = await post(
      workflow.url,
      { message: 'the words of a customer', topic: 'billing' },
      { 'idempotency-key': 'logged', 'x-note': 'the words of a header' },
    );
    expect(reply).toMatchObject({ status: 200, text: 'the answer of the model' });
    const runId = reply.headers.get('x-run-id') ?? '';
    const run = await removedRun(runId);
    expect(run).toMatchObject({
      status: 'succeeded',
      input: { topic: 'billing', message: { $removed: { type: 'string', bytes: 25 } } },
      output: { $removed: { type: 'string' } },
    });
    expect(JSON.stringify([run, await journalOf(server, runId)])).not.toMatch(/the words of|the answer of/);
    expect(await server.refused(rerunRun, { params: { id: runId }, body: {} })).toMatchObject({ code: 'payload-removed' });
    expect((await post(workflow.url, { message: 'the words of a customer', topic: 'billing' }, { 'idempotency-key': 'logged' })).text).toBe(
      'the answer of the model',
    );
    fake.answerWith((call) => `You said: ${call.messages.at(-1)?.text ?? ''}`);
  });

  test.for(['redacted', 'metadata'] as const)('of %s still tells equal from different inputs', async (logging) => {
    const workflow = await publishedWorkflow(server, echoGraph(), { mode: 'accepted' });
    await setPolicy(workflow.id, { logging });
    const ids: string[] = [];
    for (const message of ['one', 'one', 'two']) {
      const { runId } = (await post(workflow.url, { message })).json as { runId: string };
      await removedRun(runId);
      ids.push(runId);
    }
    const [id = '', equal = '', different = ''] = ids;
    const compared = async (other: string) => (await server.call(compareBillsOfMaterials, { params: { id, other } })).differences;
    expect(await compared(equal)).toEqual([]);
    expect(await compared(different)).toMatchObject([{ group: 'input', item: 'hash' }]);
  });

  test.skipIf(ON_MONGODB)('leaves nothing of removed values in the files of the database, nor does an erasure', async () => {
    const isOnDisk = async (value: string) => (await filesOfDatabase(server.dataDir)).includes(value);
    const mark = () => `mark-${randomUUID()}`;
    const [logged, erased, customer] = [mark(), mark(), mark()];
    const workflow = await publishedWorkflow(server, askGraph());
    const { id: first } = await server.call(startRun, { params: { id: workflow.id }, body: { input: { message: erased }, labels: { customer } } });
    await whenRun(server, first, 'ended', ({ endedAt }) => endedAt !== null);
    await setPolicy(workflow.id, { logging: 'redacted' });
    const reply = await post(workflow.url, { message: logged });
    expect([await isOnDisk(erased), await isOnDisk(logged)]).toEqual([true, true]);
    await removedRun(reply.headers.get('x-run-id') ?? '');
    await until('the removed value to be overwritten', async () => !(await isOnDisk(logged)));
    expect(await server.call(createErasure, { body: { label: 'customer', value: customer } })).toMatchObject({ runs: 1 });
    expect(await isOnDisk(erased)).toBe(false);
  });

  test('keeps the output for the caller for the minutes of the policy, with real values if the Output node restores them', async () => {
    const graph = echoGraph({ text: '{{ input.message }}' }, { restore: true });
    const [kept, gone] = [await publishedWorkflow(server, graph, { mode: 'accepted' }), await publishedWorkflow(server, graph, { mode: 'accepted' })];
    await setPolicy(kept.id, { logging: 'redacted', redaction: [{ detector: 'email', action: 'tokenise' }] });
    await setPolicy(gone.id, { logging: 'redacted', replyMinutes: 0 });
    const outcomes = [];
    for (const { url } of [kept, gone]) {
      const { runId, statusUrl } = (await post(url, { message: MAIL })).json as { runId: string; statusUrl: string };
      await removedRun(runId);
      outcomes.push(await server.send('GET', statusUrl));
    }
    expect(outcomes).toMatchObject([
      { status: 200, json: { status: 'succeeded', output: { text: MAIL } } },
      { status: 410, json: { code: 'payload-removed' } },
    ]);
  });

  test('of metadata stores no value, while the run works as usual', async () => {
    await using own = await startTestServer();
    await routeTo(own, 'echo', fakeTarget(fake));
    const secret = 'planted by the caller';
    fake.answerWith((call) => `${call.messages.at(-1)?.text ?? ''} ${'and by the model '.repeat(8_000)}`);
    const graph = graphOf(
      [
        messageInput(),
        node('prompt', 'ask', { message: '{{ input.message }}', route: 'echo' }),
        node('human-review', 'check', {
          title: 'Check {{ input.message }}',
          assignee: 'Ask {{ input.message }}',
          dueInMinutes: 60,
          whenDue: 'assign',
          dueAssignee: 'Then {{ input.message }}',
          decisions: [{ id: 'approve', title: 'Approve' }],
          fields: [{ name: 'text', label: 'Text', kind: 'long-text', value: '{{ input.message }}' }],
          context: [{ name: 'Answer', value: '{{ steps.ask.text }}' }],
        }),
        node('output', 'reply', { value: '{{ steps.check.values.text }}: {{ steps.ask.text }}' }),
      ],
      [edge('start', 'ask'), edge('ask', 'check'), edge('check.approve', 'reply')],
    );
    const workflow = await publishedWorkflow(own, graph, { mode: 'finished', deadlineMs: 1_000 });
    await own.call(putPolicies, { params: { id: workflow.id }, body: { logging: 'metadata' } });
    const reply = await own.send('POST', `${workflow.url}?q=${encodeURIComponent(secret)}`, { body: { message: secret }, headers: { 'x-note': secret } });
    const { runId, statusUrl } = reply.json as { runId: string; statusUrl: string };
    const open = await whenRun(own, runId, 'waiting', ({ status }) => status === 'waiting');
    expect(open.input).toEqual({ $removed: { type: 'object', bytes: 35 } });
    expect(JSON.stringify([open, await journalOf(own, runId)])).not.toMatch(/planted|by the model|sealed/);
    const [task] = (await own.call(listReviews, { query: { runId } })).items;
    expect(task).toMatchObject({ title: `Check ${secret}`, fields: [{ value: secret }] });
    expect(task).toMatchObject({ assignee: `Ask ${secret}`, whenDue: { action: 'assign', assignee: `Then ${secret}` } });
    await own.stop();
    expect((await everythingReadable(own.dataDir)).includes(secret)).toBe(false);

    await using again = await startTestServer({ dataDir: own.dataDir });
    await again.call(decideReview, { params: { id: task?.id ?? '' }, body: { decision: 'approve', values: { text: `changed, ${secret}` }, comment: secret } });
    await whenRun(again, runId, 'without payloads', ({ payloadsRemovedAt }) => typeof payloadsRemovedAt === 'string');
    expect(await readRun(again, runId)).toMatchObject({ status: 'succeeded' });
    const status = await again.send('GET', new URL(statusUrl).pathname);
    expect(status).toMatchObject({ status: 200, json: { output: expect.stringContaining(`changed, ${secret}`) } });
    await again.stop();
    const everything = await everythingReadable(own.dataDir);
    for (const trace of [secret, 'by the model', Buffer.from(secret).toString('base64')]) expect(everything.includes(trace)).toBe(false);
    fake.answerWith((call) => `You said: ${call.messages.at(-1)?.text ?? ''}`);
  });

  test.for(['redacted', 'metadata'] as const)('of %s keeps no item and no result of a for-each, also if one fails', async (logging) => {
    const secret = `planted-${randomUUID()}`;
    const graph = eachGraph(
      { result: '{{ steps.ask.text + item.text }}' },
      [
        node('prompt', 'ask', { message: '{{ item.text }} {{ item.wide }}', route: 'echo' }),
        node('human-review', 'check', { title: 'Check {{ item.text }}', decisions: [{ id: 'approve', title: 'Approve' }], fields: [] }),
        transform('half', { half: 'item.n / 1' }),
      ],
      [
        ['ask', 'check'],
        ['check.approve', 'half'],
      ],
    );
    await using own = await startTestServer();
    await routeTo(own, 'echo', fakeTarget(fake));
    const workflow = await publishedWorkflow(own, graph, { mode: 'accepted' });
    await own.call(putPolicies, { params: { id: workflow.id }, body: { logging, replyMinutes: 0 } });
    const items = [{ n: 1 }, { n: secret }, { n: 3 }].map((item) => ({ ...item, text: secret, wide: 'x'.repeat(30_000) }));
    const { runId } = (await own.send('POST', workflow.url, { body: { items } })).json as { runId: string };
    await whenRun(own, runId, 'waiting', ({ status }) => status === 'waiting');
    if (logging === 'metadata') {
      expect(JSON.stringify([await readRun(own, runId), await journalOf(own, runId)])).not.toContain(secret);
      expect((await everythingReadable(own.dataDir)).includes(secret)).toBe(false);
    }
    for (const { id } of (await own.call(listReviews, { query: { runId } })).items)
      await own.call(decideReview, { params: { id }, body: { decision: 'approve', comment: secret } });
    const run = await whenRun(own, runId, 'without payloads', ({ payloadsRemovedAt }) => typeof payloadsRemovedAt === 'string');
    expect(run.status).toBe('succeeded');
    const events = await journalOf(own, runId);
    expect(events.filter(({ type }) => type === 'frame-finished' || type === 'frame-failed')).toHaveLength(3);
    expect(events.find(({ type }) => type === 'frame-failed')).toMatchObject({ error: { code: 'expression-failed', nodeKey: 'half' } });
    expect(JSON.stringify([run, events])).not.toContain(secret);
    await own.stop();
    // Otherwise, the sweep deletes large values later.
    if (logging === 'metadata') expect((await everythingReadable(own.dataDir)).includes(secret)).toBe(false);
  });

  test('of metadata holds in a child run, which shows nothing once it has ended', async () => {
    const inner = await publishedWorkflow(server, echoGraph({ said: '{{ input.message }}' }));
    const graph = graphOf(
      [
        messageInput(),
        node('workflow', 'child', { workflowId: inner.id, input: { message: '{{ input.message }}' } }),
        node('output', 'reply', { value: '{{ steps.child.said }}' }),
      ],
      [edge('start', 'child'), edge('child', 'reply')],
    );
    const outer = await publishedWorkflow(server, graph);
    await setPolicy(outer.id, { logging: 'metadata' });
    const reply = await post(outer.url, { message: 'the words of a customer' });
    expect(reply).toMatchObject({ status: 200, text: 'the words of a customer' });
    const runId = reply.headers.get('x-run-id') ?? '';
    const { items } = await server.call(listRuns, { query: { parent: runId } });
    const child = await removedRun(items[0]?.id ?? '');
    expect(child).toMatchObject({ status: 'succeeded', input: { $removed: {} }, output: { $removed: {} } });
    expect(JSON.stringify([child, await journalOf(server, child.id), await removedRun(runId)])).not.toContain('the words of');
  });

  test('of metadata sends no value to pages that watch the run', async () => {
    const secret = 'planted by the reviewer';
    const graph = graphOf(
      [
        messageInput(),
        node('human-review', 'check', {
          title: 'Check',
          decisions: [{ id: 'approve', title: 'Approve' }],
          fields: [{ name: 'text', label: 'Text', kind: 'text', value: '{{ input.message }}' }],
        }),
        node('prompt', 'ask', { message: '{{ steps.check.values.text }}', route: 'echo', stream: true }),
        node('output', 'reply', { value: '{{ steps.ask.text }}' }),
      ],
      [edge('start', 'check'), edge('check.approve', 'ask'), edge('ask', 'reply')],
    );
    const workflow = await publishedWorkflow(server, graph, { mode: 'accepted' });
    await setPolicy(workflow.id, { logging: 'metadata' });
    const { runId } = (await post(workflow.url, { message: secret })).json as { runId: string };
    await whenRun(server, runId, 'waiting', ({ status }) => status === 'waiting');
    await using watcher = await watchRun(server.base, runId);
    const [task] = (await server.call(listReviews, { query: { runId } })).items;
    await server.call(decideReview, { params: { id: task?.id ?? '' }, body: { decision: 'approve', values: { text: `${secret}, changed` } } });
    await expect.poll(() => watcher.state.status).toBe('succeeded');
    expect([...watcher.state.steps.keys()]).toEqual(['start#1', 'check#1', 'ask#1', 'reply#1']);
    expect(watcher.deltas).toEqual([]);
    expect(JSON.stringify(watcher.events)).not.toMatch(/planted|sealed/);
  });
});
