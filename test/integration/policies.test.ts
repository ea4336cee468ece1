import { DEFAULT_WORKSPACE } from '@switchyard/server/store/collections.ts';
import { endingRuns, runKeys, runTokens } from '@switchyard/server/store/policy-collections.ts';
import { getBillOfMaterials } from '@switchyard/shared/contracts/bill-of-materials.ts';
import { listChanges } from '@switchyard/shared/contracts/changes.ts';
import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { createKillSwitch } from '@switchyard/shared/contracts/controls/kill-switches.ts';
import { listConnections } from '@switchyard/shared/contracts/models.ts';
import { getPolicies, previewPolicies, putPolicies } from '@switchyard/shared/contracts/policies.ts';
import type { RedactionRule } from '@switchyard/shared/contracts/redaction-rules.ts';
import { decideReview, getReview, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { rerunRun, startRun } from '@switchyard/shared/contracts/runs.ts';
import { updateWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { echoGraph, edge, graphOf, messageInput, node, reviewGraph } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { ended, journalOf, readRun, stepOf, whenRun, workflowOf } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { everythingReadable, openStoreOf } from '../kit/store.ts';
import { until } from '../kit/until.ts';

const CARD = '4111 1111 1111 1111';
const MAIL = 'jane.roe@example.com';
const rules = (action: RedactionRule['action']): RedactionRule[] => [
  { detector: 'card', action },
  { detector: 'email', action },
];
const MASK = { redaction: rules('mask') };

let server: TestServer;
let fake: FakeProvider;
beforeAll(async () => {
  server = await startTestServer({ env: { EGRESS_ALLOW: '127.0.0.1' } });
  fake = await startFakeProvider();
  await routeTo(server, 'echo', fakeTarget(fake));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await fake[Symbol.asyncDispose]();
});

const askGraph = () =>
  graphOf(
    [
      messageInput(),
      node('prompt', 'ask', { message: '{{ input.message }}', route: 'echo', stream: true }),
      node('output', 'reply', { value: '{{ steps.ask.text }}' }),
    ],
    [edge('start', 'ask'), edge('ask', 'reply')],
  );
const setPolicy = (id: string, body: BodyOf<typeof putPolicies>) => server.call(putPolicies, { params: { id }, body });
const post = (url: string, body: unknown, headers: Record<string, string> = {}) => server.send('POST', url, { body, headers });

describe('a data policy', () => {
  test('is empty at first, and each change is recorded with its reason', async () => {
    const id = await workflowOf(server, echoGraph());
    expect(await server.call(getPolicies, { params: { id } })).toMatchObject({ redaction: [], logging: 'full', revision: 0, found: {} });
    const saved = await setPolicy(id, { ...MASK, reason: 'cards of customers' });
    expect(saved).toMatchObject({ redaction: MASK.redaction, revision: 1, actor: { kind: 'user' } });
    expect(await server.refused(putPolicies, { params: { id }, body: { revision: 0 } })).toMatchObject({ code: 'revision-conflict' });
    expect((await server.call(listChanges, { query: { subject: `policy:${id}` } })).items).toMatchObject([
      { action: 'create', reason: 'cards of customers', after: { redaction: MASK.redaction }, applied: true },
    ]);
  });

  test('keeps the parts that a change leaves out', async () => {
    const id = await workflowOf(server, echoGraph());
    await setPolicy(id, MASK);
    await setPolicy(id, { retention: { payloadDays: 7 } });
    expect(await setPolicy(id, { logging: 'redacted', keep: ['topic'] })).toMatchObject({
      redaction: MASK.redaction,
      retention: { payloadDays: 7, journalDays: 400 },
      logging: 'redacted',
      keep: ['topic'],
      revision: 3,
    });
    expect(await setPolicy(id, { redaction: [] })).toMatchObject({ redaction: [], logging: 'redacted' });
  });

  test('is rejected with the path of what is wrong', async () => {
    const id = await workflowOf(server, echoGraph());
    const wrong = await server.refused(putPolicies, {
      params: { id },
      body: { redaction: [{ detector: 'pattern', name: 'own', pattern: '(a', action: 'mask' }] },
    });
    expect(wrong).toMatchObject({ code: 'bad-request', errors: [{ path: 'redaction.0.pattern' }] });
  });

  test('can be tried on a text without a run', async () => {
    const id = await workflowOf(server, echoGraph());
    await setPolicy(id, MASK);
    expect(await server.call(previewPolicies, { params: { id }, body: { text: `${CARD} ${MAIL}`, value: { [MAIL]: 1 } } })).toEqual({
      text: '[card] [email]',
      value: { '[email]': 1 },
      found: { card: 1, email: 2 },
      refusedBy: null,
      matches: [
        { start: 0, end: 19, detector: 'card', action: 'mask' },
        { start: 20, end: 40, detector: 'email', action: 'mask' },
      ],
      unmatched: [],
    });
    expect(await server.call(previewPolicies, { params: { id }, body: { text: CARD, redaction: rules('refuse') } })).toMatchObject({ refusedBy: 'card' });
  });
});

describe('values that enter a run', () => {
  test('are redacted in the body, headers, query, labels, model output, stream, and counts', async () => {
    const workflow = await publishedWorkflow(server, askGraph(), { mode: 'stream', labels: { tenant: '{{ trigger.body.message }}' } });
    await setPolicy(workflow.id, MASK);
    fake.answerWith(() => `Your card ${CARD} and mail ${MAIL} are noted, thank you very much indeed for writing to us today.`);
    const reply = await post(`${workflow.url}?from=${encodeURIComponent(MAIL)}`, { message: `Card ${CARD}` }, { 'x-from': MAIL });
    expect(reply.text).toContain('Your card [card] and mail [email] are noted');
    expect(reply.text).not.toContain('4111');
    expect(reply.text).not.toContain(MAIL);
    const runId = reply.headers.get('x-run-id') ?? '';
    const run = await ended(server, runId);
    expect(run).toMatchObject({ status: 'succeeded', input: { message: 'Card [card]' }, labels: { tenant: 'Card [card]' } });
    expect(stepOf(run, 'ask').calls[0]?.record).toMatchObject({ answer: expect.stringContaining('[card]') });
    expect(fake.calls.at(-1)?.messages.at(-1)?.text).toBe('Card [card]');
    const [first] = await journalOf(server, runId);
    const { contentHash, found } = await server.call(getPolicies, { params: { id: workflow.id } });
    expect(first).toMatchObject({ type: 'run-started', policy: contentHash });
    expect(found).toMatchObject({ card: expect.any(Number), email: expect.any(Number) });
    expect(await server.call(getBillOfMaterials, { params: { id: runId } })).toMatchObject({ policies: [{ kind: 'data', hash: contentHash }] });
    fake.answerWith((call) => `You said: ${call.messages.at(-1)?.text ?? ''}`);
  });

  test('are validated as they are, and not again once redacted', async () => {
    const schema = {
      type: 'object',
      properties: { mail: { type: 'string', format: 'email' }, card: { type: 'integer' } },
      required: ['mail', 'card'],
      additionalProperties: false,
    };
    const graph = graphOf(
      [node('input', 'start', { schema, samples: [], unknownFields: 'refuse' }), node('output', 'reply', { value: '{{ input }}' })],
      [edge('start', 'reply')],
    );
    const workflow = await publishedWorkflow(server, graph);
    await setPolicy(workflow.id, MASK);
    expect((await post(workflow.url, { mail: MAIL, card: 4111111111111111 })).json).toEqual({ mail: '[email]', card: '[card]' });
    expect((await post(workflow.url, { mail: 'no address', card: 4111111111111111 })).json).toMatchObject({ code: 'bad-input' });
  });

  test('start no run if the policy refuses them', async () => {
    const workflow = await publishedWorkflow(server, echoGraph());
    await setPolicy(workflow.id, { redaction: rules('refuse') });
    const reply = await post(workflow.url, { message: CARD });
    expect(reply).toMatchObject({ status: 422, json: { code: 'redaction-refused' } });
    expect(reply.text).not.toContain('4111');
    expect(reply.headers.get('x-run-id')).toBeNull();
    expect(await server.refused(startRun, { params: { id: workflow.id }, body: { input: { message: MAIL } } })).toMatchObject({ code: 'redaction-refused' });
  });

  test('fail the step if the policy refuses a model’s output, without a retry', async () => {
    const id = await workflowOf(server, askGraph());
    await setPolicy(id, { redaction: rules('refuse') });
    fake.answerWith(() => `It is ${CARD}`);
    const before = fake.calls.length;
    const { id: runId } = await server.call(startRun, { params: { id }, body: { input: { message: 'Which card?' }, wait: 10_000 } });
    const run = await ended(server, runId);
    expect(run).toMatchObject({ status: 'failed', error: { code: 'redaction-refused' } });
    expect(run.usage.outputTokens).toBeGreaterThan(0);
    expect(fake.calls.length - before).toBe(1);
    fake.answerWith((call) => `You said: ${call.messages.at(-1)?.text ?? ''}`);
  });

  test('keep the policy that the run started with', async () => {
    const id = await workflowOf(server, reviewGraph());
    await setPolicy(id, MASK);
    const { id: runId } = await server.call(startRun, { params: { id }, body: { input: { message: 'Hello' } } });
    await whenRun(server, runId, 'waiting', ({ status }) => status === 'waiting');
    await setPolicy(id, {});
    const [review] = (await server.call(listReviews, { query: { runId } })).items;
    await server.call(decideReview, {
      params: { id: review?.id ?? '' },
      body: { decision: 'approve', values: { text: `Pay ${CARD}` }, comment: `from ${MAIL}` },
    });
    const run = await ended(server, runId);
    expect(run.output).toBe('Pay [card]');
    expect(stepOf(run, 'check').output).toMatchObject({ comment: 'from [email]' });
  });

  test('belong to the same run if a request is repeated with its key, before and under the policy', async () => {
    const workflow = await publishedWorkflow(server, echoGraph());
    const send = (key: string, message: string) => post(workflow.url, { message }, { 'idempotency-key': key });
    const before = await send('key-1', 'Hello');
    await setPolicy(workflow.id, MASK);
    expect((await send('key-1', 'Hello')).headers.get('x-run-id')).toBe(before.headers.get('x-run-id'));
    expect((await send('key-1', 'Other')).json).toMatchObject({ code: 'idempotency-mismatch' });
    const under = await send(MAIL, CARD);
    expect((await send(MAIL, CARD)).headers.get('x-run-id')).toBe(under.headers.get('x-run-id'));
    expect((await send(MAIL, `${CARD} again`)).json).toMatchObject({ code: 'idempotency-mismatch' });
  });

  test('of an earlier run are redacted in a rerun that reuses them', async () => {
    const id = await workflowOf(server, askGraph());
    const earlier = await ended(server, (await server.call(startRun, { params: { id }, body: { input: { message: CARD } } })).id);
    expect(earlier.output).toBe(`You said: ${CARD}`);
    await setPolicy(id, MASK);
    const again = await ended(server, (await server.call(rerunRun, { params: { id: earlier.id }, body: { from: 'reply#1' } })).id);
    expect(again).toMatchObject({ status: 'succeeded', input: { message: '[card]' }, output: 'You said: [card]' });
    expect(JSON.stringify([again, await journalOf(server, again.id)])).not.toContain('4111');
  });
});

describe('tokens', () => {
  test('are the same for equal values in a run, and the reviewer sees the real values', async () => {
    const workflow = await publishedWorkflow(server, reviewGraph());
    await setPolicy(workflow.id, { redaction: rules('tokenise') });
    const reply = await post(workflow.url, { message: `${CARD} or ${CARD.replaceAll(' ', '-')}, ${MAIL}` });
    const runId = reply.headers.get('x-run-id') ?? '';
    const run = await whenRun(server, runId, 'waiting', ({ status }) => status === 'waiting');
    const { message } = run.input as { message: string };
    const [one, two] = message.match(/\[card:[a-z]{12}\]/g) ?? [];
    expect(one).toBeDefined();
    expect(two).toBe(one);
    const { items } = await server.call(listReviews, { query: { runId } });
    const review = await server.call(getReview, { params: { id: items[0]?.id ?? '' } });
    expect(review.fields[0]?.value).toBe(`${CARD} or ${CARD}, ${MAIL}`);
    await server.call(decideReview, { params: { id: review.id }, body: { decision: 'approve', values: { text: `Charge ${CARD}` } } });
    expect((await ended(server, runId)).output).toBe(`Charge ${one}`);
  });

  test('are restored for the caller only if the Output node says so', async () => {
    const text = `Mail ${MAIL}`;
    const plain = await publishedWorkflow(server, echoGraph('{{ input.message }}'));
    const restoring = await publishedWorkflow(server, echoGraph({ text: '{{ input.message }}' }, { restore: true }));
    for (const { id } of [plain, restoring]) await setPolicy(id, { redaction: rules('tokenise') });
    expect((await post(plain.url, { message: text })).text).toMatch(/^Mail \[email:[a-z]{12}\]$/);
    const reply = await post(restoring.url, { message: text }, { 'idempotency-key': 'restored' });
    expect(reply.json).toEqual({ text });
    expect((await post(restoring.url, { message: text }, { 'idempotency-key': 'restored' })).json).toEqual({ text });
    const run = await readRun(server, reply.headers.get('x-run-id') ?? '');
    expect(JSON.stringify(run.output)).toMatch(/\[email:[a-z]{12}\]/);
    await server.call(updateWebhook, { params: { id: restoring.id }, body: { mode: 'accepted' } });
    const { statusUrl, runId } = (await post(restoring.url, { message: text })).json as { statusUrl: string; runId: string };
    await ended(server, runId);
    expect((await server.send('GET', statusUrl)).json).toMatchObject({ output: { text } });
  });

  test('are restored in requests that are marked for it, and what comes back is tokenized again', async () => {
    const { url, seen, [Symbol.asyncDispose]: close } = await echoService();
    const graph = graphOf(
      [
        messageInput(),
        node('tool', 'send', { method: 'POST', url: `${url}/{{ input.message }}`, bodyKind: 'json', json: { to: '{{ input.message }}' }, restore: true }),
        node('output', 'reply', { value: '{{ steps.send.body }}' }),
      ],
      [edge('start', 'send'), edge('send', 'reply')],
    );
    const workflow = await publishedWorkflow(server, graph);
    await setPolicy(workflow.id, { redaction: rules('tokenise') });
    const reply = await post(workflow.url, { message: MAIL });
    expect(seen).toEqual([{ path: `/${encodeURIComponent(MAIL)}`, body: JSON.stringify({ to: MAIL }) }]);
    expect(reply.text).toMatch(/^\{"heard":"\{\\"to\\":\\"\[email:[a-z]{12}\]\\"\}"\}$/);
    const runId = reply.headers.get('x-run-id') ?? '';
    expect(JSON.stringify([await readRun(server, runId), await journalOf(server, runId)])).not.toContain('jane.roe');
    await close();
  });
});

/** Repeats what it was sent. */
async function echoService() {
  const { createServer } = await import('node:http');
  const seen: { path: string; body: string }[] = [];
  const service = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ path: request.url ?? '', body });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ heard: body }));
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const address = service.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, seen, [Symbol.asyncDispose]: async () => void service.close() };
}

test('leaves no trace of redacted values: not in records, journals, or files', async () => {
  await using own = await startTestServer();
  await routeTo(own, 'echo', fakeTarget(fake));
  for (const action of ['mask', 'hash', 'tokenise', 'refuse'] as const) {
    const workflow = await publishedWorkflow(own, askGraph(), { labels: { who: '{{ trigger.body.message }}' } });
    await own.call(putPolicies, { params: { id: workflow.id }, body: { redaction: rules(action) } });
    for (const message of [CARD, MAIL, Buffer.from(`see ${CARD}`).toString('base64'), `${'long '.repeat(20_000)}${CARD}`]) {
      const reply = await own.send('POST', `${workflow.url}?${new URLSearchParams({ q: MAIL })}`, {
        body: { message, [MAIL]: 4111111111111111 },
        headers: { 'x-from': MAIL, 'idempotency-key': `${MAIL}${message.length}` },
      });
      expect(reply.status).toBe(action === 'refuse' ? 422 : 200);
      await own.send('POST', workflow.testUrl, { body: { message } });
    }
  }
  await own.stop();
  const everything = await everythingReadable(own.dataDir);
  for (const trace of [CARD, CARD.replaceAll(' ', ''), 'jane.roe', Buffer.from(`see ${CARD}`).toString('base64')])
    expect(everything.includes(trace)).toBe(false);
  expect(everything).toContain('[card]');
});

test('redacts the name of the model that a provider reports, where runs show it', async () => {
  await using odd = await startFakeProvider({ servedModel: 'ORD-12345' });
  await routeTo(server, 'odd', fakeTarget(odd));
  const { id, url } = await publishedWorkflow(
    server,
    graphOf(
      [messageInput(), node('prompt', 'ask', { message: '{{ input.message }}', route: 'odd' }), node('output', 'reply', { value: '{{ steps.ask.model }}' })],
      [edge('start', 'ask'), edge('ask', 'reply')],
    ),
  );
  await setPolicy(id, { redaction: [{ detector: 'pattern', name: 'order', pattern: 'ORD-\\d{4,}', action: 'mask' }] });
  const reply = await post(url, { message: 'Where is my order?' });
  expect(reply.text).toBe('[order]');
  expect(JSON.stringify(await journalOf(server, reply.headers.get('x-run-id') ?? ''))).not.toContain('ORD-12345');
});

test('leaves nothing of what a provider’s error repeats, also not at its connection', async () => {
  await using broken = await startFakeProvider();
  await routeTo(server, 'broken', fakeTarget(broken));
  broken.failAlways({ kind: 'status', status: 500, message: `Failed on: ${MAIL}` });
  const graph = graphOf([messageInput(), node('prompt', 'ask', { message: '{{ input.message }}', route: 'broken' })], [edge('start', 'ask')]);
  const workflow = await publishedWorkflow(server, graph);
  await setPolicy(workflow.id, MASK);
  const reply = await post(workflow.url, { message: MAIL });
  const run = await ended(server, reply.headers.get('x-run-id') ?? '');
  expect(run.error?.message).toContain('Failed on: [email]');
  const connection = await until('the health of the connection', async () =>
    (await server.call(listConnections, {})).items.find(({ name, health }) => name === 'broken 1' && health?.seenIn === 'call'),
  );
  expect(connection.health).toMatchObject({ ok: false, message: expect.stringMatching(/failed with status 500\.$/) });
});

test('leaves nothing of a request that starts no run', async () => {
  await using own = await startTestServer();
  const workflow = await publishedWorkflow(own, echoGraph());
  await own.call(putPolicies, { params: { id: workflow.id }, body: { logging: 'metadata', redaction: rules('tokenise') } });
  await own.call(createKillSwitch, { body: { scope: { kind: 'workflow', id: workflow.id }, mode: 'refuse' } });
  expect((await own.send('POST', workflow.url, { body: { message: MAIL } })).json).toMatchObject({ code: 'killed' });
  expect((await own.send('POST', workflow.testUrl, { body: { message: MAIL } })).json).toMatchObject({ code: 'killed' });
  await own.stop();
  const store = await openStoreOf(own.dataDir);
  for (const collection of [runTokens, runKeys, endingRuns])
    expect((await store.in(DEFAULT_WORKSPACE).find(collection as typeof runKeys, {})).items).toEqual([]);
  await store.close();
});

describe('the Redact node', () => {
  const redactGraph = (params: Record<string, unknown>) =>
    graphOf(
      [messageInput(), node('redact', 'clean', { text: '{{ input.message }}', ...params }), node('output', 'reply', { value: '{{ steps.clean }}' })],
      [edge('start', 'clean'), edge('clean', 'reply')],
    );
  const outputOf = async (id: string, message: string) => ended(server, (await server.call(startRun, { params: { id }, body: { input: { message } } })).id);

  test('uses its own detectors in a workflow without a policy', async () => {
    const id = await workflowOf(server, redactGraph({ detectors: ['email'] }));
    expect((await outputOf(id, `Mail ${MAIL}`)).output).toEqual({ text: 'Mail [email]', found: { email: 1 } });
  });

  test('fails without detectors and a policy', async () => {
    const id = await workflowOf(server, redactGraph({}));
    expect(await outputOf(id, MAIL)).toMatchObject({ status: 'failed', error: { message: expect.stringContaining('no data policy') } });
  });

  test('restores the tokens of its run', async () => {
    const id = await workflowOf(server, redactGraph({ action: 'restore' }));
    await setPolicy(id, { redaction: rules('tokenise') });
    const run = await outputOf(id, `Mail ${MAIL}`);
    expect(run.input).toEqual({ message: expect.stringMatching(/^Mail \[email:[a-z]{12}\]$/) });
    expect(run.output).toEqual({ text: `Mail ${MAIL}`, found: {} });
  });
});
