import { putPolicies } from '@switchyard/shared/contracts/policies.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AlertReceiver, startAlertReceiver } from '../kit/alert-receiver.ts';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { echoGraph, edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../kit/otlp-receiver.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { ended } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const MAIL = 'jane.roe@example.com';

let receiver: OtlpReceiver;
let target: AlertReceiver;
let fake: FakeProvider;
let server: TestServer;
beforeAll(async () => {
  [receiver, target, fake] = await Promise.all([startOtlpReceiver(), startAlertReceiver(), startFakeProvider()]);
  const env = { EGRESS_ALLOW: '127.0.0.1', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint };
  const usual = { OTEL_SERVICE_NAME: 'flows', OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test', OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b' };
  server = await startTestServer({ env: { ...env, ...usual } });
  await routeTo(server, 'echo', fakeTarget(fake));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  for (const one of [receiver, target, fake]) await one[Symbol.asyncDispose]();
});

/** Asks a model, and posts its answer. */
const askingGraph = (): Graph =>
  graphOf(
    [
      messageInput(),
      node('prompt', 'ask', { message: '{{ input.message }}', route: 'echo', temperature: 0.2 }),
      node('tool', 'tell', { url: `${target.url}&message={{ input.message }}`, method: 'POST', bodyKind: 'json', json: { text: '{{ steps.ask.text }}' } }),
      node('output', 'reply', { value: '{{ steps.ask.text }}' }),
    ],
    [edge('start', 'ask'), edge('ask', 'tell'), edge('tell', 'reply')],
  );

/** Posts to a webhook that answers when its run has ended. Returns the ID of the run. */
async function post(api: TestServer, url: string, headers: Record<string, string> = {}): Promise<string> {
  const { status, headers: answered } = await api.send('POST', url, { body: { message: `Write to ${MAIL}` }, headers });
  expect(status).toBe(200);
  const id = answered.get('x-run-id') ?? '';
  await ended(api, id);
  return id;
}

const spansOf = (runId: string) => receiver.spans.filter(({ attributes }) => attributes['switchyard.run.id'] === runId);
const whole = (runId: string) => until('the trace', () => spansOf(runId).some(({ name }) => name.startsWith('workflow ')) && spansOf(runId));

test('a run is a trace of the caller, with its steps and calls, and passes the trace on, without any value of the run', async () => {
  const { id, url } = await publishedWorkflow(server, askingGraph(), { mode: 'finished' });
  const runId = await post(server, url, { traceparent: `00-${TRACE}-${CALLER}-01` });
  const spans = await whole(runId);
  const byName = new Map(spans.map((span) => [span.name, span]));
  const [run, ask, tell, chat, request] = [`workflow ${id}`, 'ask', 'tell', 'chat fake-small', 'POST'].map((name) => byName.get(name));
  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
  expect(run).toMatchObject({
    parentSpanId: CALLER,
    kind: 2,
    status: 0,
    attributes: { 'switchyard.run.status': 'succeeded', 'switchyard.trigger': 'webhook' },
  });
  expect(run?.resource).toMatchObject({ 'service.name': 'flows', 'deployment.environment.name': 'test' });
  expect(spans.filter(({ parentSpanId }) => parentSpanId === run?.spanId).map(({ name }) => name)).toEqual(['start', 'ask', 'tell', 'reply']);
  expect(chat).toMatchObject({
    parentSpanId: ask?.spanId,
    kind: 3,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai-compatible',
      'gen_ai.request.model': 'fake-small',
      'gen_ai.request.temperature': 0.2,
      'gen_ai.usage.input_tokens': expect.any(Number),
      'gen_ai.response.finish_reasons': ['stop'],
      'switchyard.route': 'echo',
    },
  });
  expect(request).toMatchObject({ parentSpanId: tell?.spanId, attributes: { 'server.address': '127.0.0.1', 'http.response.status_code': 200 } });
  for (const { startNanos, endNanos } of spans) {
    expect(startNanos).toBeGreaterThanOrEqual(run?.startNanos ?? 0n);
    expect(endNanos).toBeGreaterThanOrEqual(startNanos);
  }
  expect(fake.calls.at(-1)?.headers.traceparent).toBe(`00-${TRACE}-${chat?.spanId}-01`);
  expect(target.received.at(-1)?.headers.traceparent).toBe(`00-${TRACE}-${request?.spanId}-01`);
  expect(receiver.requests[0]).toMatchObject({ path: '/v1/traces', headers: { 'x-key': 'a b', 'content-type': 'application/x-protobuf' } });
  expect(Buffer.concat(receiver.requests.map(({ bytes }) => bytes)).includes(MAIL)).toBe(false);
});

test('a child run is part of the trace of its parent, and a caller can leave a trace out', async () => {
  const child = await publishedWorkflow(server, echoGraph());
  const { url } = await publishedWorkflow(
    server,
    graphOf(
      [messageInput(), node('workflow', 'sub', { workflowId: child.id, input: { message: 'x' } }), node('output', 'reply', { value: 'done' })],
      [edge('start', 'sub'), edge('sub', 'reply')],
    ),
    { mode: 'finished' },
  );
  const leftOut = TRACE.replace('4b', '5c');
  await post(server, url, { traceparent: `00-${leftOut}-${CALLER}-00` });
  const parent = await whole(await post(server, url));
  const sub = parent.find(({ name }) => name === 'sub');
  const inner = await until('the child', () => receiver.spans.find(({ name }) => name === `workflow ${child.id}`));
  expect(inner).toMatchObject({ traceId: sub?.traceId, parentSpanId: sub?.spanId });
  expect(receiver.spans.some(({ traceId }) => traceId === leftOut)).toBe(false);
});

test('contents are exported only if they are switched on, and then redacted, and never those of runs whose payloads are not shown', async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint, OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true', EGRESS_ALLOW: '127.0.0.1' };
  await using open = await startTestServer({ env });
  await routeTo(open, 'echo', fakeTarget(fake));
  const { id, url } = await publishedWorkflow(open, askingGraph(), { mode: 'finished' });
  const contentsOf = async () => JSON.stringify((await whole(await post(open, url))).map(({ attributes }) => attributes));
  const plain = await contentsOf();
  expect(plain).toContain('gen_ai.input.messages');
  expect(plain).toContain(MAIL);
  await open.call(putPolicies, { params: { id }, body: { redaction: [{ detector: 'email', action: 'mask' }] } });
  const redacted = await contentsOf();
  expect(redacted).toContain('gen_ai.input.messages');
  expect(redacted).not.toContain(MAIL);
  for (const logging of ['redacted', 'metadata'] as const) {
    await open.call(putPolicies, { params: { id }, body: { redaction: [], logging } });
    const sealed = await contentsOf();
    expect(sealed).not.toContain('gen_ai.input.messages');
    expect(sealed).not.toContain('Write to');
  }
});

test('runs don’t wait for a receiver that is away or silent, and spans that are not delivered are counted', async () => {
  await using away = await startOtlpReceiver();
  away.answer(null);
  await using own = await startTestServer({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: away.endpoint, OTEL_EXPORTER_OTLP_TIMEOUT: '300' } });
  const { url } = await publishedWorkflow(own, echoGraph(), { mode: 'finished' });
  await post(own, url);
  const figure = async (name: string) => Number(new RegExp(`^switchyard_spans_${name}_total (\\d+)$`, 'm').exec((await own.send('GET', '/metrics')).text)?.[1]);
  await until('dropped spans', async () => (await figure('dropped')) === 3);
  away.answer(200);
  await post(own, url);
  await until('exported spans', async () => (await figure('exported')) === 3);
  expect(away.spans).toHaveLength(3);
});
