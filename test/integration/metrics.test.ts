import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { expect, test } from 'vitest';
import { eachGraph, transform } from '../kit/each-graph.ts';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { runOf } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';

/** Every sample of /metrics: `name{labels}` and its value. */
async function samples(server: TestServer): Promise<Map<string, number>> {
  const { status, headers, text } = await server.send('GET', '/metrics');
  expect({ status, type: headers.get('content-type') }).toEqual({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line): [string, number] => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

const askGraph = (route: string) =>
  graphOf(
    [messageInput(), node('prompt', 'ask', { message: '{{ input.message }}', route }), node('output', 'reply', { value: '{{ steps.ask.text }}' })],
    [edge('start', 'ask'), edge('ask', 'reply')],
  );

test('a new server reports metrics of its process', async () => {
  await using server = await startTestServer();
  const found = await samples(server);
  expect(found.get('switchyard_runs_driven')).toBe(0);
  expect(found.get('switchyard_runs_queued')).toBe(0);
  expect((await server.send('GET', '/metrics')).text).toContain('\nswitchyard_worker_slots +Inf\n');
  expect(found.get('process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
  expect([...found.keys()].some((name) => name.startsWith('nodejs_eventloop_lag'))).toBe(true);
});

test('runs, steps, model calls, tokens, cost, and webhook requests are counted from the first one on', async () => {
  await using server = await startTestServer();
  await using fake = await startFakeProvider();
  await routeTo(server, 'counted', fakeTarget(fake, { model: 'gpt-4.1' }));
  const { url } = await publishedWorkflow(server, askGraph('counted'));
  expect((await server.send('POST', url, { body: { message: 'Where is my secret parcel?' } })).status).toBe(200);
  expect((await server.send('POST', url, { body: '{', headers: { 'content-type': 'application/json' } })).status).toBe(400);
  fake.failAlways({ kind: 'status', status: 401 });
  expect((await runOf(server, askGraph('counted'))).status).toBe('failed');

  const found = await until('both runs to be counted', async () => {
    const seen = await samples(server);
    return seen.get('switchyard_runs_ended_total{status="failed"}') === 1 && seen;
  });
  const counted = {
    'switchyard_runs_started_total{trigger="webhook"}': 1,
    'switchyard_runs_started_total{trigger="api"}': 1,
    'switchyard_runs_ended_total{status="succeeded"}': 1,
    'switchyard_run_duration_seconds_count{status="succeeded"}': 1,
    'switchyard_steps_total{type="prompt",outcome="succeeded"}': 1,
    'switchyard_steps_total{type="prompt",outcome="failed"}': 1,
    'switchyard_steps_total{type="output",outcome="succeeded"}': 1,
    'switchyard_model_calls_total{provider="openai-compatible",outcome="ok"}': 1,
    'switchyard_model_calls_total{provider="none",outcome="provider-auth"}': 1,
    'switchyard_webhook_calls_total{kind="live",outcome="ok"}': 1,
    'switchyard_webhook_calls_total{kind="live",outcome="bad-json"}': 1,
    'switchyard_webhook_call_duration_seconds_count{kind="live"}': 2,
  };
  expect(Object.fromEntries(Object.keys(counted).map((name) => [name, found.get(name)]))).toEqual(counted);
  expect(found.get('switchyard_model_tokens_total{provider="openai-compatible",direction="output"}')).toBeGreaterThan(0);
  expect(found.get('switchyard_model_cost_dollars_total{provider="openai-compatible"}')).toBeGreaterThan(0);
  expect(found.get('switchyard_run_duration_seconds_sum{status="succeeded"}')).toBeLessThan(60);
});

test('steps in the items of a for-each are counted by their node type', async () => {
  await using server = await startTestServer();
  const graph = eachGraph(
    { items: '{{ [1, 2, 3] }}' },
    [transform('half', { half: 'item / 2' }), node('delay', 'rest', { amount: '0', unit: 'seconds' })],
    [['half', 'rest']],
  );
  expect((await runOf(server, graph)).status).toBe('succeeded');
  const found = await until('the run to be counted', async () => {
    const seen = await samples(server);
    return seen.get('switchyard_runs_ended_total{status="succeeded"}') === 1 && seen;
  });
  expect(found.get('switchyard_steps_total{type="transform",outcome="succeeded"}')).toBe(3);
  expect(found.get('switchyard_steps_total{type="delay",outcome="succeeded"}')).toBe(3);
  expect([...found.keys()].filter((name) => name.includes('type="unknown"'))).toEqual([]);
});

test('labels contain neither names nor payloads', async () => {
  await using server = await startTestServer();
  const { id } = await server.call(createWorkflow, { body: { name: 'Project Nightingale', graph: askGraph('fast') } });
  const { url } = await publishedWorkflow(server, askGraph('fast'));
  await server.send('POST', url, { body: { message: 'planted-payload' } });
  const { text } = await server.send('GET', '/metrics');
  for (const secret of ['Nightingale', id, 'planted-payload', url.split('/').at(-1) ?? '', 'fast']) expect(text).not.toContain(secret);
});
