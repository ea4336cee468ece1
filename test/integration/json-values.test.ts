import { afterAll, beforeAll, expect, test } from 'vitest';
import { edge, graphOf, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { ended, readRun, stepOf } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Accepts anything and returns this. */
const returning = (value: unknown) =>
  graphOf([node('input', 'start', { schema: {}, samples: [] }), node('output', 'reply', { value })], [edge('start', 'reply')]);

const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const wrapping = (levels: number): string => `${'['.repeat(levels)}input${']'.repeat(levels)}`;

test.each<[string, unknown, unknown, string]>([
  ['parsed from deeply nested JSON', '{{ parseJson(input.s) }}', { s: nested(8_000) }, 'nested more than 100 levels deep'],
  ['built deeper than allowed by an expression', `{{ ${wrapping(240)} }}`, 1, 'nested more than 200 levels deep'],
  ['wrapped around deep data', `{{ ${wrapping(150)} }}`, JSON.parse(nested(90)), 'nested more than 200 levels deep'],
  ['that repeats the input without limit', Array(300).fill('{{ input }}'), { text: 'x'.repeat(100_000) }, 'repeats values'],
])('a value %s fails its step, and the run is recorded', async (_what, value, body, words) => {
  const { url } = await publishedWorkflow(server, returning(value));
  const reply = await server.send('POST', url, { body });
  expect(reply.status).toBe(500);
  const run = await ended(server, reply.headers.get('x-run-id') ?? '');
  expect(run.status).toBe('failed');
  expect(stepOf(run, 'reply')).toMatchObject({ status: 'failed', error: { message: expect.stringContaining(words) } });
});

test('integers beyond 2^53 keep their digits from the request to the response (S79)', async () => {
  const { url } = await publishedWorkflow(
    server,
    returning({ order_id: '{{ input.id }}', text: 'Order {{ input.id }}', same: '{{ input.id == 820982911946154508 }}' }),
  );
  const body = '{"id": 820982911946154508, "small": 9007199254740991}';
  const reply = await server.send('POST', url, { body, headers: { 'content-type': 'application/json' } });
  expect(reply.json).toEqual({ order_id: '820982911946154508', text: 'Order 820982911946154508', same: true });
  expect((await readRun(server, reply.headers.get('x-run-id') ?? '')).input).toEqual({ id: '820982911946154508', small: 9_007_199_254_740_991 });
});
