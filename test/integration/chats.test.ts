import { putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { decideReview } from '@switchyard/shared/contracts/reviews.ts';
import { getRun, listRuns } from '@switchyard/shared/contracts/runs.ts';
import type { ChatConversation } from '@switchyard/shared/contracts/triggers/hosted-pages.ts';
import { createTrigger, listTriggerDeliveries, updateTrigger } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { pauseWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { describe, expect, test } from 'vitest';
import type { TestApi } from '../kit/api.ts';
import { readEvents, type SentEvent } from '../kit/events.ts';
import { edge, graphOf, messageInput, modelGraph, node, reviewGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { openTask } from '../kit/review-task.ts';
import { startTestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';

/** Answers with the message and everything before it. */
const recalling = (): Graph =>
  graphOf(
    [messageInput(), node('output', 'reply', { value: '{{ input.message }} after {{ trigger.history.map(m, m.role + ":" + m.content) }}' })],
    [edge('start', 'reply')],
  );

async function chatOf(api: TestApi, graph: Graph = recalling(), settings: Record<string, unknown> = {}) {
  const { id } = await publishedWorkflow(api, graph);
  const made = await api.call(createTrigger, { params: { id }, body: { kind: 'chat', title: 'Ask us & more', perMinute: 1_000, ...settings } });
  return { id, triggerId: made.id, url: made.url ?? '' };
}

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${url}/messages`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
async function say(url: string, text: string, conversation?: string, headers: Record<string, string> = {}) {
  const events = await readEvents(await post(url, { text, ...(conversation !== undefined && { conversation }) }, headers));
  const [first, last] = [events[0], events.at(-1)] as [SentEvent, SentEvent];
  expect(first.event).toBe('conversation');
  return { events, last, conversation: String(first.data.conversation), runId: String(first.data.runId), text: String(last.data.text) };
}
const seen = async (url: string, conversation: string): Promise<ChatConversation> =>
  (await fetch(`${url}/messages`, { headers: { 'x-conversation-id': conversation } })).json() as Promise<ChatConversation>;
const runsOf = async (api: TestApi, workflowId: string) => (await api.call(listRuns, { query: { workflowId } })).items;

describe('a chat', () => {
  test('has a page with its own script only, no cookie, and the listed pages around it', async () => {
    await using server = await startTestServer();
    const { url, triggerId } = await chatOf(server, recalling(), { greeting: '<b>Hi</b>' });
    expect(url).toMatch(/\/c\/[\w-]{22}$/);
    const page = await server.send('GET', url);
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('<h1>Ask us &amp; more</h1>') });
    expect(page.text).toContain('&lt;b&gt;Hi&lt;/b&gt;');
    expect(page.headers.get('set-cookie')).toBeNull();
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    await server.call(updateTrigger, { params: { id: triggerId }, body: { frameAncestors: ['https://shop.example'] } });
    expect((await server.send('GET', url)).headers.get('content-security-policy')).toMatch(/frame-ancestors https:\/\/shop\.example$/);
    const script = await server.send('GET', `${url}/embed.js`);
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.text).toContain('https://shop.example');
    expect((await server.send('GET', `${url}/other`)).status).toBe(404);
    expect((await server.send('PUT', `${url}/messages`, { body: {} })).status).toBe(405);
  });

  test('keeps a conversation: later runs get its last turns, and its visitor sees them again', async () => {
    await using server = await startTestServer();
    const { id, url, triggerId } = await chatOf(server, recalling(), { turns: 1 });
    const first = await say(url, 'One');
    expect(first.conversation).toMatch(/^[\w-]{22}$/);
    expect(first.last).toEqual({ event: 'done', data: { conversation: first.conversation, runId: first.runId, status: 'answered', text: 'One after []' } });
    await say(url, 'Two', first.conversation);
    const third = await say(url, 'Three', first.conversation);
    expect(third.conversation).toBe(first.conversation);
    expect(third.text).toMatch(/^Three after \["user:Two",\s*"assistant:Two after/);
    const { turns } = await seen(url, first.conversation);
    expect(turns.map(({ text, status }) => [text, status])).toEqual([
      ['One', 'answered'],
      ['Two', 'answered'],
      ['Three', 'answered'],
    ]);
    expect((await server.call(getRun, { params: { id: third.runId } })).trigger).toBe('chat');
    expect((await server.call(listTriggerDeliveries, { params: { id: triggerId } })).items).toHaveLength(3);
    const { url: other } = await chatOf(server);
    for (const [place, conversation] of [
      [other, first.conversation],
      [url, 'A'.repeat(22)],
    ] as const)
      expect(await server.send('POST', `${place}/messages`, { body: { text: 'Hi', conversation } })).toMatchObject({
        status: 404,
        json: { code: 'not-found' },
      });
    expect(await runsOf(server, id)).toHaveLength(3);
  });

  test('streams the text of the answer as it is generated', async () => {
    await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '50' } });
    const { url } = await chatOf(server, modelGraph());
    const { events, text } = await say(url, 'Where is my order?');
    const deltas = events.filter(({ event }) => event === 'delta');
    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.map(({ data }) => data.text).join('')).toBe(text);
  });

  test('says that a person has to review, and has the answer once that is done', async () => {
    await using server = await startTestServer();
    const { url } = await chatOf(server, reviewGraph());
    const { last, conversation, runId } = await say(url, 'Refund me');
    expect(last).toMatchObject({ event: 'waiting', data: { status: 'waiting', text: expect.stringContaining('A person has to review this first') } });
    await until('that it waits', async () => (await seen(url, conversation)).turns[0]?.status === 'waiting');
    expect((await seen(url, conversation)).turns).toMatchObject([{ status: 'waiting', text: 'Refund me', reply: last.data.text }]);
    const task = await openTask(server, runId);
    await server.call(decideReview, { params: { id: task.id }, body: { decision: 'approve' } });
    await until('the answer', async () => (await seen(url, conversation)).turns[0]?.status === 'answered');
    const again = await say(url, 'And now?', conversation);
    expect(again.conversation).toBe(conversation);
  });

  test('answers one message of a conversation at a time, and a repeated one once', async () => {
    await using server = await startTestServer();
    const graph = graphOf(
      [messageInput(), node('delay', 'pause', { amount: '2', unit: 'seconds' }), node('output', 'reply', { value: '{{ input.message }}' })],
      [edge('start', 'pause'), edge('pause', 'reply')],
    );
    const { id, url } = await chatOf(server, graph);
    const key = { 'idempotency-key': 'one-message-of-a-visitor' };
    const first = await post(url, { text: 'One' }, key);
    const conversation = first.headers.get('x-conversation-id') ?? '';
    expect(await server.send('POST', `${url}/messages`, { body: { text: 'Two', conversation } })).toMatchObject({
      status: 409,
      json: { code: 'conversation-busy', detail: expect.stringContaining('still being answered') },
    });
    const repeated = await say(url, 'One', undefined, key);
    expect(repeated).toMatchObject({ conversation, runId: first.headers.get('x-run-id'), text: 'One' });
    expect((await readEvents(first)).at(-1)).toMatchObject({ event: 'done', data: { text: 'One' } });
    const both = await Promise.all([post(url, { text: 'Three', conversation }), post(url, { text: 'Four', conversation })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    await Promise.all(both.map((reply) => reply.text()));
    expect(await runsOf(server, id)).toHaveLength(2);
  });

  test('refuses what is too long, empty, unknown, or too much, in plain words, and starts nothing', async () => {
    await using server = await startTestServer();
    const { id, url, triggerId } = await chatOf(server);
    const send = (body: unknown) => server.send('POST', `${url}/messages`, { body });
    expect(await send({ text: 'x'.repeat(1_000_000) })).toMatchObject({
      status: 413,
      json: { detail: 'The message is too long: a message can have up to 32,000 characters.' },
    });
    expect(await send({ text: 'x'.repeat(32_001) })).toMatchObject({ status: 400, json: { errors: [{ path: 'text' }] } });
    expect(await send({ text: ' ' })).toMatchObject({ status: 400, json: { errors: [{ path: 'text', message: 'must not be empty' }] } });
    expect(await send({ text: 'Hi', color: 'red' })).toMatchObject({ status: 400, json: { errors: [{ path: 'color' }] } });
    await say(url, 'x'.repeat(32_000));
    const { url: slow } = await chatOf(server, recalling(), { perMinute: 1 });
    await say(slow, 'One');
    expect(await server.send('POST', `${slow}/messages`, { body: { text: 'Two' } })).toMatchObject({ status: 429, json: { code: 'rate-limited' } });
    await server.call(pauseWorkflow, { params: { id }, body: { reason: 'Secret reason' } });
    expect(await server.send('GET', url)).toMatchObject({ status: 503, text: expect.not.stringContaining('Secret reason') });
    expect(await send({ text: 'Hi' })).toMatchObject({ status: 503, json: { code: 'paused', detail: 'This chat is paused. Try again later.' } });
    await server.call(updateTrigger, { params: { id: triggerId }, body: { enabled: false } });
    expect((await server.send('GET', url)).status).toBe(404);
    expect(await runsOf(server, id)).toHaveLength(1);
  });

  test('takes files if the input of the workflow has them, and no others', async () => {
    await using server = await startTestServer();
    const schema = {
      type: 'object',
      required: ['message'],
      properties: { message: { type: 'string' }, files: { type: 'array', items: { type: 'object', format: 'file' } } },
    };
    const value = '{{ input.message + ": " + input.files.map(f, f.name + " " + string(f.bytes)).join(", ") + ", " + string(size(trigger.history)) }}';
    const { url } = await chatOf(server, graphOf([node('input', 'start', { schema }), node('output', 'reply', { value })], [edge('start', 'reply')]));
    expect((await server.send('GET', url)).text).toContain('type="file"');
    const form = new FormData();
    form.set('text', 'See this');
    form.append('files', new File(['a,b'], 'table.csv'));
    form.append('files', new File(['hello'], 'note.txt'));
    const events = await readEvents(await fetch(`${url}/messages`, { method: 'POST', body: form }));
    expect(events.at(-1)?.data.text).toBe('See this: table.csv 3, note.txt 5, 0');
    const conversation = String(events[0]?.data.conversation);
    expect((await seen(url, conversation)).turns).toMatchObject([{ text: 'See this\n[file: table.csv]\n[file: note.txt]' }]);
    expect((await say(url, 'Without', conversation)).text).toBe('Without: , 2');
    const { url: plain } = await chatOf(server);
    expect((await server.send('GET', plain)).text).not.toContain('type="file"');
    expect(await server.send('POST', `${plain}/messages`, { body: form })).toMatchObject({ status: 415, json: { detail: expect.stringContaining('files') } });
  });

  test('keeps no text of its own: with logging “metadata”, nothing is left of a conversation', async () => {
    await using server = await startTestServer();
    const { id, url } = await chatOf(server);
    await server.call(putPolicies, { params: { id }, body: { logging: 'metadata', replyMinutes: 0 } });
    const first = await say(url, 'One');
    expect(first.text).toBe('One after []');
    const second = await say(url, 'Two', first.conversation);
    expect(second.text).toBe('Two after []');
  });
});
