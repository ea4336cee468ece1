import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { cancelRun } from '@switchyard/shared/contracts/runs.ts';
import { updateWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestApi } from '../kit/api.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { begin, ended, isFinished, journalOf, stepOf, whenRun, workflowOf } from '../kit/runs.ts';
import { startTestServer, type TestServer, temporaryDir } from '../kit/server.ts';
import { everythingReadable } from '../kit/store.ts';

const MAIL = 'jane.roe@example.com';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

/** Shows the URL of its callback, then waits for it, and replies with its body. */
const waiting = (params: Record<string, unknown> = {}): Graph =>
  graphOf(
    [
      messageInput(),
      node('transform', 'send', { fields: [{ name: 'url', value: 'run.callbacks.ready' }] }),
      node('callback', 'ready', params),
      node('output', 'reply', { value: '{{ steps.ready }}' }),
    ],
    [edge('start', 'send'), edge('send', 'ready'), edge('ready', 'reply')],
  );

const whenWaiting = (api: TestApi, id: string) => whenRun(api, id, 'waiting', ({ status }) => status === 'waiting');
const urlIn = (output: unknown): string => (output as { url: string }).url;

async function beginWaiting(api: TestApi, graph = waiting()) {
  const { id } = await begin(api, await workflowOf(api, graph));
  const url = urlIn(stepOf(await whenWaiting(api, id), 'send').output);
  return { id, url };
}

describe('a callback', () => {
  test.each([
    ['JSON', { body: { state: 'done', scores: [1, 2.5] } }, { state: 'done', scores: [1, 2.5] }],
    ['a form', { body: 'state=done', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, { state: 'done' }],
    ['text', { body: 'done', headers: { 'content-type': 'text/plain' } }, 'done'],
    ['nothing', {}, null],
  ])('ends the wait with its body: %s', async (_, sent, output) => {
    const { id, url } = await beginWaiting(server);
    expect(url).toContain(`${server.base}/callbacks/`);
    expect(await server.send('POST', url, sent)).toMatchObject({ status: 202, json: { received: true } });
    expect(await ended(server, id)).toMatchObject({ status: 'succeeded', output });
    expect((await journalOf(server, id)).filter(({ type }) => type === 'wait-ended')).toMatchObject([{ by: 'callback', actor: { kind: 'trigger' } }]);
  });

  test('counts once, however many arrive together', async () => {
    const { id, url } = await beginWaiting(server);
    const replies = await Promise.all(Array.from({ length: 8 }, (_, index) => server.send('POST', url, { body: { index } })));
    expect(replies.map(({ status }) => status).sort()).toEqual([202, ...Array.from({ length: 7 }, () => 409)]);
    const first = replies.findIndex(({ status }) => status === 202);
    expect((await ended(server, id)).output).toEqual({ index: first });
    expect(await server.send('POST', url, { body: {} })).toMatchObject({ status: 409, json: { code: 'callback-closed', reason: 'received' } });
  });

  test.each(['GET', 'HEAD', 'PUT', 'OPTIONS'])('is not sent by %s', async (method) => {
    const { id, url } = await beginWaiting(server);
    const reply = await fetch(url, { method });
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await whenWaiting(server, id)).status).toBe('waiting');
    await server.call(cancelRun, { params: { id }, body: {} });
    expect(await server.send('POST', url, {})).toMatchObject({ status: 409, json: { code: 'run-ended' } });
  });

  test('to another URL is refused', async () => {
    const { url } = await beginWaiting(server);
    const other = `${url.slice(0, -4)}${url.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
    for (const wrong of [other, `${server.base}/callbacks/`, `${server.base}/callbacks/x`, `${url}/x`])
      expect(await server.send('POST', wrong, {})).toMatchObject({ status: 404, json: { code: 'not-found' } });
  });

  test('that comes before the run waits is kept', async () => {
    const gated = graphOf(
      [
        messageInput(),
        node('transform', 'send', { fields: [{ name: 'url', value: 'run.callbacks.ready' }] }),
        node('delay', 'later', { amount: '1', unit: 'seconds' }),
        node('callback', 'ready', {}),
        node('output', 'reply', { value: '{{ steps.ready }}' }),
      ],
      [edge('start', 'send'), edge('send', 'later'), edge('later', 'ready'), edge('ready', 'reply')],
    );
    const { id } = await begin(server, await workflowOf(server, gated));
    const before = await whenRun(server, id, 'past the first step', (run) => isFinished(run, 'send'));
    expect(await server.send('POST', urlIn(stepOf(before, 'send').output), { body: 'early' })).toMatchObject({ status: 202 });
    expect(await ended(server, id)).toMatchObject({ status: 'succeeded', output: 'early' });
  });

  test('that does not come in time fails the step, and is then refused', async () => {
    const { id, url } = await beginWaiting(server, waiting({ dueInMinutes: 0.02 }));
    expect(await ended(server, id)).toMatchObject({ status: 'failed', error: { code: 'callback-overdue' } });
    expect(await server.send('POST', url, {})).toMatchObject({ status: 409, json: { code: 'callback-closed', reason: 'overdue' } });
  });

  test('survives a restart of the server', async () => {
    await using dir = await temporaryDir();
    const first = await startTestServer({ dataDir: dir.path });
    const { id, url } = await beginWaiting(first);
    await first.stop();
    await using second = await startTestServer({ dataDir: dir.path });
    expect(await second.send('POST', new URL(url).pathname, { body: 1 })).toMatchObject({ status: 202 });
    expect(await ended(second, id)).toMatchObject({ status: 'succeeded', output: 1 });
  });

  test('has its own URL for each item of a for-each', async () => {
    const inner = [node('transform', 'send', { fields: [{ name: 'url', value: 'run.callbacks.ready' }] }), node('callback', 'ready', {})];
    const graph = graphOf(
      [
        messageInput(),
        node('for-each', 'each', { items: '{{ ["a", "b", "c"] }}', result: '{{ {"was": item, "got": steps.ready} }}' }),
        ...inner.map((made) => ({ ...made, parentId: 'each' })),
        node('output', 'reply', { value: '{{ steps.each.items }}' }),
      ],
      [edge('start', 'each'), edge('each', 'reply'), edge('send', 'ready')],
    );
    const { id } = await begin(server, await workflowOf(server, graph));
    await whenWaiting(server, id);
    const urls = (await journalOf(server, id)).flatMap((event) =>
      event.type === 'step-finished' && event.stepId.endsWith('/send#1') ? [urlIn(event.output)] : [],
    );
    expect(new Set(urls).size).toBe(3);
    for (const [index, url] of urls.entries()) expect(await server.send('POST', url, { body: index })).toMatchObject({ status: 202 });
    expect(await ended(server, id)).toMatchObject({ output: [0, 1, 2].map((got) => ({ was: ['a', 'b', 'c'][got], got })) });
  });

  test('is limited like the webhook of its workflow', async () => {
    const { id, url: hook } = await publishedWorkflow(server, waiting(), { maxBodyBytes: 1_000, requestsPerMinute: 2 });
    const { json } = await server.send('POST', hook, { body: { message: 'Hello' } });
    const { runId } = json as { runId: string };
    const url = urlIn(stepOf(await whenWaiting(server, runId), 'send').output);
    expect(await server.send('POST', url, { body: 'x'.repeat(2_000) })).toMatchObject({ status: 413 });
    expect(await server.send('POST', url, { body: '{', headers: { 'content-type': 'application/json' } })).toMatchObject({ status: 400 });
    expect(await server.send('POST', url, { body: '{', headers: { 'content-type': 'application/json' } })).toMatchObject({ status: 400 });
    expect(await server.send('POST', url, {})).toMatchObject({ status: 429, json: { code: 'rate-limited' } });
    await server.call(updateWebhook, { params: { id }, body: { requestsPerMinute: null } });
    expect(await server.send('POST', url, { body: 'ok' })).toMatchObject({ status: 202 });
    expect((await ended(server, runId)).output).toBe('ok');
  });

  test('is redacted by the policy of its run before it is stored', async () => {
    await using own = await startTestServer();
    const id = await workflowOf(own, waiting());
    await own.call(putPolicies, { params: { id }, body: { redaction: [{ detector: 'email', action: 'mask' }] } });
    const run = await begin(own, id);
    const url = urlIn(stepOf(await whenWaiting(own, run.id), 'send').output);
    expect(await own.send('POST', url, { body: { from: MAIL } })).toMatchObject({ status: 202 });
    expect(JSON.stringify((await ended(own, run.id)).output)).not.toContain(MAIL);
    expect(await everythingReadable(own.dataDir)).not.toContain(MAIL);
  });

  test('refused by the policy of its run leaves the wait open', async () => {
    const id = await workflowOf(server, waiting());
    await server.call(putPolicies, { params: { id }, body: { redaction: [{ detector: 'email', action: 'refuse' }] } });
    const run = await begin(server, id);
    const url = urlIn(stepOf(await whenWaiting(server, run.id), 'send').output);
    expect(await server.send('POST', url, { body: { from: MAIL } })).toMatchObject({ status: 422, json: { code: 'redaction-refused' } });
    expect(await server.send('POST', url, { body: 'clean' })).toMatchObject({ status: 202 });
    expect((await ended(server, run.id)).output).toBe('clean');
  });

  test('of a run that logs only metadata is encrypted while it is open', async () => {
    await using own = await startTestServer({ env: { EGRESS_ALLOW: '127.0.0.1' } });
    await using receiver = await startReceiver();
    const graph = graphOf(
      [
        messageInput(),
        node('tool', 'send', { url: receiver.url, method: 'POST', bodyKind: 'json', json: { url: '{{ run.callbacks.ready }}' } }),
        node('callback', 'ready', {}),
        node('human-review', 'check', { title: 'Check', decisions: [{ id: 'approve', title: 'Approve' }], fields: [] }),
        node('output', 'reply', { value: 'done' }),
      ],
      [edge('start', 'send'), edge('send', 'ready'), edge('ready', 'check'), edge('check.approve', 'reply')],
    );
    const id = await workflowOf(own, graph);
    await own.call(putPolicies, { params: { id }, body: { logging: 'metadata' } });
    const run = await begin(own, id);
    await whenWaiting(own, run.id);
    expect(await own.send('POST', receiver.callbackUrl(), { body: { secret: 'the words of a customer' } })).toMatchObject({ status: 202 });
    await whenRun(own, run.id, 'past the callback', (now) => now.steps.some(({ nodeKey, status }) => nodeKey === 'check' && status === 'waiting'));
    expect(await everythingReadable(own.dataDir)).not.toMatch(/the words of a customer|\/callbacks\//);
  });
});

/** A server that is sent the URL of a callback. */
async function startReceiver() {
  let callbackUrl = '';
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      callbackUrl = urlIn(body);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    callbackUrl: () => callbackUrl,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
