import { randomUUID } from 'node:crypto';
import { listRuns } from '@switchyard/shared/contracts/runs.ts';
import { getWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventsIn, readEvents } from '../kit/events.ts';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { type PublishedWorkflow, publishedWorkflow } from '../kit/published.ts';
import { ended } from '../kit/runs.ts';
import { until } from '../kit/until.ts';
import { type Cluster, type Member, NO_CLUSTER, startCluster } from './cluster.ts';

/* What callers get when the process that serves them, or the one that drives their run, is killed. */

const graph = graphOf(
  [messageInput(), node('prompt', 'ask', { message: '{{ input.message }}', route: 'fake' }), node('output', 'reply', { value: '{{ steps.ask.text }}' })],
  [edge('start', 'ask'), edge('ask', 'reply')],
);

describe.skipIf(NO_CLUSTER)('a caller of several processes', () => {
  let cluster: Cluster;
  let fake: FakeProvider;

  beforeAll(async () => {
    fake = await startFakeProvider();
    cluster = await startCluster({ webs: 2, workers: 1, env: { LOG_LEVEL: 'silent' } });
    await routeTo(first().now, 'fake', fakeTarget(fake));
  });
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
    await fake?.close();
  });

  const [first, second] = [0, 1].map((index) => (): Member => cluster.webs[index] as Member) as [() => Member, () => Member];
  const send = (web: Member, path: string, body: unknown, key?: string): Promise<Response> =>
    fetch(new URL(path, web.now.base), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
      body: JSON.stringify(body),
    });
  const runsOf = async ({ id }: PublishedWorkflow) => (await second().now.call(listRuns, { query: { workflowId: id } })).items;
  const callsAbout = (message: string): number => fake.calls.filter(({ messages }) => messages.at(-1)?.text === message).length;

  test.each(['finished', 'stream'] as const)('whose process is killed gets the same run’s response from another, in mode %s', async (mode) => {
    const published = await publishedWorkflow(first().now, graph, { mode });
    const { pathname } = new URL(published.url);
    const message = `a message that takes a while, ${randomUUID()}`;
    fake.failNext({ kind: 'slow', delayMs: 400 });
    const isCutOff = send(first(), pathname, { message }, message.slice(-36)).then(
      (reply) =>
        reply.text().then(
          () => false,
          () => true,
        ),
      () => true,
    );
    await until('the call', () => callsAbout(message) === 1);
    const replaced = cluster.crash(first());
    expect(await isCutOff).toBe(true);

    const reply = await send(second(), pathname, { message }, message.slice(-36));
    expect(reply.status).toBe(200);
    expect(reply.headers.get('idempotent-replayed')).toBe('true');
    const value = mode === 'stream' ? (await readEvents(reply)).at(-1)?.data.value : await reply.text();
    expect(value).toBe(`You said: ${message}`);
    expect((await runsOf(published)).map(({ id }) => id)).toEqual([reply.headers.get('x-run-id')]);
    expect(callsAbout(message)).toBe(1);
    await replaced;
  });

  test('is told to discard the text of a worker that was killed, or gets an error if it can’t discard text', async () => {
    const streamed = await publishedWorkflow(first().now, graph, { mode: 'stream' });
    const asked = await publishedWorkflow(first().now, graph);
    const { slug } = await first().now.call(getWorkflow, { params: { id: asked.id } });
    const model = (content: string) => ({ model: `workflow/${slug}`, messages: [{ role: 'user', content }], stream: true });
    const [shown, started, silent] = ['shown', 'started', 'silent'].map((name) => `${name} to the caller, ${randomUUID()}`) as [string, string, string];

    // The last call never begins to respond.
    fake.failAlways({ kind: 'slow', delayMs: 700 });
    const events = listen(send(first(), new URL(streamed.url).pathname, { message: shown }));
    const chunks = listen(send(first(), '/v1/chat/completions', model(started)));
    await until('text of both', () => events.text().includes('event: delta') && chunks.text().includes('"content":"You'));
    fake.failNext({ kind: 'hang' });
    const late = listen(send(first(), '/v1/chat/completions', model(silent)));
    await until('the last call', () => callsAbout(silent) === 1);
    fake.failAlways(undefined);
    await cluster.crash(cluster.workers[0] as Member);
    await Promise.all([events.end, chunks.end, late.end]);

    const seen = eventsIn(events.text());
    const restart = seen.findLastIndex(({ event }) => event === 'restart');
    expect(restart).toBeGreaterThan(0);
    expect(seen.at(-1)).toMatchObject({ event: 'done', data: { value: `You said: ${shown}` } });
    expect(textOf(seen.slice(restart).flatMap(({ data }) => [data.text]))).toBe(`You said: ${shown}`);
    expect(chunks.text()).toContain('restarted after part of it was sent');
    expect(chunks.text()).not.toContain('[DONE]');
    expect(textOf(contents(late.text()))).toBe(`You said: ${silent}`);
    expect(late.text().endsWith('data: [DONE]\n\n')).toBe(true);
    const runs = await runsOf(asked);
    expect(await Promise.all(runs.map(async ({ id }) => (await ended(second().now, id)).status))).toEqual(['succeeded', 'succeeded']);
  });
});

const textOf = (parts: readonly unknown[]): string => parts.filter((part) => typeof part === 'string').join('');

/** The text in a stream of OpenAI’s chunks. */
const contents = (text: string): unknown[] =>
  text.split('\n').flatMap((line) => {
    if (!line.startsWith('data: {')) return [];
    const { choices = [] } = JSON.parse(line.slice('data: '.length)) as { choices?: { delta?: { content?: unknown } }[] };
    return choices.map(({ delta }) => delta?.content);
  });

/** Reads a response while it arrives. */
function listen(reply: Promise<Response>): { text(): string; readonly end: Promise<void> } {
  let text = '';
  const read = async (): Promise<void> => {
    const { body } = await reply;
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) text += chunk;
  };
  return { text: () => text, end: read() };
}
