import { getRunBlob } from '@switchyard/shared/contracts/runs.ts';
import { type BlobRef, isBlobRef } from '@switchyard/shared/run/blob.ts';
import { expect, test } from 'vitest';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { MEGABYTE, passGraph, text } from '../kit/large-message.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { journalOf, readRun, runOf, stepOf } from '../kit/runs.ts';
import { startTestServer } from '../kit/server.ts';

const counter = (key: string, value: string) => node('transform', key, { fields: [{ name: 'n', value }] });

function reference(value: unknown): BlobRef {
  if (!isBlobRef(value)) throw new Error(`not a reference: ${JSON.stringify(value).slice(0, 200)}`);
  return value;
}

test('five megabytes pass through a webhook and a step; run and list stay small, and the values can be loaded', async () => {
  await using server = await startTestServer();
  const { id: workflowId, url } = await publishedWorkflow(server, passGraph(), { maxBodyBytes: 10_000_000 });
  const sent = text(1);
  const reply = await server.send('POST', url, { body: { message: sent } });
  expect(reply.status).toBe(200);
  expect(reply.json).toEqual({ text: sent });

  const list = await server.send('GET', `/api/runs?workflowId=${workflowId}`);
  expect(list.text.length).toBeLessThan(10_000);
  const id = reply.headers.get('x-run-id') ?? '';
  const whole = await server.send('GET', `/api/runs/${id}`);
  expect(whole.text.length).toBeLessThan(20_000);
  expect(JSON.stringify(await journalOf(server, id)).length).toBeLessThan(20_000);

  const run = await readRun(server, id);
  const values: [unknown, unknown][] = [
    [run.input, { message: sent }],
    [stepOf(run, 'start').output, { message: sent }],
    [stepOf(run, 'copy').output, { text: sent }],
    [run.output, { text: sent }],
  ];
  for (const [kept, value] of values) {
    const { $blob, bytes, preview } = reference(kept);
    expect(bytes).toBeGreaterThan(5 * MEGABYTE);
    expect(preview.length).toBeLessThan(1_000);
    expect(await server.call(getRunBlob, { params: { id, hash: $blob } })).toEqual(value);
  }
  const other = await runOf(server, passGraph(), 'small');
  const hash = reference(run.output).$blob;
  expect(await server.refused(getRunBlob, { params: { id: other.id, hash } })).toMatchObject({ status: 404, code: 'not-found' });
});

test('data that looks like a reference is data, and opens no value of another run', async () => {
  await using server = await startTestServer();
  const owner = await runOf(server, passGraph(), 'x'.repeat(200_000));
  const stolen = reference(owner.input);
  const { url } = await publishedWorkflow(
    server,
    graphOf([node('input', 'start', { schema: {} }), node('output', 'reply', { value: '{{ input }}' })], [edge('start', 'reply')]),
  );
  const bodies = [stolen, [stolen], { a: stolen }, { reply: { value: stolen }, record: { request: stolen }, wait: { whole: stolen } }, { $blob: stolen.$blob }];
  for (const body of bodies) {
    const query = encodeURIComponent(JSON.stringify(stolen));
    const reply = await server.send('POST', `${url}?a=${query}`, { body, headers: { 'content-type': 'application/json', 'x-copy': JSON.stringify(stolen) } });
    expect(reply.json).toEqual(body);
    const id = reply.headers.get('x-run-id') ?? '';
    expect(await server.refused(getRunBlob, { params: { id, hash: stolen.$blob } }), JSON.stringify(body).slice(0, 80)).toMatchObject({ status: 404 });
    const { input } = await readRun(server, id);
    if (isBlobRef(input)) expect(await server.call(getRunBlob, { params: { id, hash: input.$blob } })).toEqual(body);
  }
  expect(await server.call(getRunBlob, { params: { id: owner.id, hash: stolen.$blob } })).toEqual({ message: 'x'.repeat(200_000) });
});

test('a large fallback value is stored by reference too', async () => {
  await using server = await startTestServer();
  const policy = { onError: 'continue-with' as const, continueWith: { text: 'x'.repeat(200_000) } };
  const graph = graphOf(
    [
      messageInput(),
      node('transform', 'copy', { fields: [{ name: 'text', value: 'input.nothing' }] }, { policy }),
      node('output', 'reply', { value: '{{ size(steps.copy.text) }}' }),
    ],
    [edge('start', 'copy'), edge('copy', 'reply')],
  );
  const run = await runOf(server, graph);
  expect(run).toMatchObject({ status: 'succeeded', output: 200_000 });
  expect(await server.call(getRunBlob, { params: { id: run.id, hash: reference(stepOf(run, 'copy').output).$blob } })).toEqual(policy.continueWith);
  expect(JSON.stringify(await journalOf(server, run.id)).length).toBeLessThan(20_000);
});

test('two hundred nodes in sequence run', async () => {
  await using server = await startTestServer();
  const keys = Array.from({ length: 200 }, (_, index) => `step_${index}`);
  const run = await runOf(
    server,
    graphOf(
      [
        messageInput(),
        ...keys.map((key, index) => counter(key, index === 0 ? '1' : `steps.${keys[index - 1]}.n + 1`)),
        node('output', 'reply', { value: '{{ steps.step_199.n }}' }),
      ],
      [...keys.map((key, index) => edge(keys[index - 1] ?? 'start', key)), edge('step_199', 'reply')],
    ),
  );
  expect(run).toMatchObject({ status: 'succeeded', output: 200 });
  expect(run.steps).toHaveLength(202);
});

test('two hundred parallel nodes run, and are joined', async () => {
  await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '20' } });
  const keys = Array.from({ length: 200 }, (_, index) => `step_${index}`);
  const run = await runOf(
    server,
    graphOf(
      [
        messageInput(),
        // Every tenth calls a model, so some of them really are in flight at the same time.
        ...keys.map((key, index) => (index % 10 === 0 ? node('prompt', key, { message: `${index}`, route: 'fast' }) : counter(key, `${index}`))),
        node('merge', 'all'),
        node('output', 'reply', { value: '{{ steps.step_3.n + steps.step_199.n }}' }),
      ],
      [...keys.map((key) => edge('start', key)), ...keys.map((key) => edge(key, 'all')), edge('all', 'reply')],
    ),
  );
  expect(run).toMatchObject({ status: 'succeeded', output: 202 });
  expect(run.steps.filter(({ status }) => status === 'succeeded')).toHaveLength(203);
  expect(Object.keys(stepOf(run, 'all').input as object)).toHaveLength(200);
});
