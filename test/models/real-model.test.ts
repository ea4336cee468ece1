import { listConnections, testConnection } from '@switchyard/shared/contracts/models.ts';
import { getRoute } from '@switchyard/shared/contracts/routes.ts';
import type { Run } from '@switchyard/shared/contracts/runs.ts';
import type { ModelCallRecord } from '@switchyard/shared/run/events.ts';
import { describe, expect, test } from 'vitest';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { routeTo } from '../kit/model-route.ts';
import { patience } from '../kit/patience.ts';
import { begin, ended, stepOf, workflowOf } from '../kit/runs.ts';
import { startTestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';
import { watchRun } from '../kit/watcher.ts';

/*
 * The route `careful` on a real model server that speaks both protocols; TEST_LLM_URL is its URL. The model may be tiny and wrong: the
 * tests only check that its answers arrive.
 */
const url = process.env.TEST_LLM_URL;
if (!url) console.info('Runs on a real model are skipped: TEST_LLM_URL is not set.');

const LIMIT_MS = patience(120_000);
/** Small models return no text now and then. */
const policy = { retry: { max: 5, backoffMs: 1, factor: 1, jitter: 0 } };

const graph = () =>
  graphOf(
    [
      messageInput(),
      node('classify', 'sort', { text: '{{ input.message }}', route: 'careful', labels: [{ name: 'billing' }, { name: 'technical' }] }, { policy }),
      node('prompt', 'draft', { system: 'You are friendly.', message: 'Answer: {{ input.message }}', route: 'careful', maxTokens: 30 }, { policy }),
      node('output', 'reply', { value: '{{ steps.draft.text }}' }),
    ],
    [...['billing', 'technical', 'unsure'].map((port) => edge(`sort.${port}`, 'draft')), edge('start', 'sort'), edge('draft', 'reply')],
  );

/** Records of the model calls that returned an answer. */
const recordsOf = (run: Run): ModelCallRecord[] =>
  run.steps.flatMap(({ calls }) => calls.flatMap(({ record, status }) => (record?.kind === 'model' && status === 'succeeded' ? [record] : [])));

async function modelName(): Promise<string> {
  const listed = (await (await fetch(`${url}/v1/models`)).json()) as { data: { id: string }[] };
  return listed.data[0]?.id ?? '';
}

describe.skipIf(!url).each([
  { kind: 'openai-compatible', baseUrl: `${url}/v1` },
  { kind: 'anthropic', baseUrl: String(url) },
] as const)('a connection of the kind $kind with a base URL', ({ kind, baseUrl }) => {
  test('makes the real model respond on `careful`, with the workflow unchanged', { timeout: LIMIT_MS }, async () => {
    await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '0' } });
    const workflowId = await workflowOf(server, graph());
    const demo = await ended(server, (await begin(server, workflowId, 'Where is my invoice?')).id);
    expect(demo).toMatchObject({ status: 'succeeded', demo: true, costMicros: 0 });

    const model = await modelName();
    await routeTo(server, 'careful', { kind, baseUrl, model });
    expect(await server.call(getRoute, { params: { name: 'careful' } })).toMatchObject({ automatic: false, targets: [{ model }] });
    const started = await begin(server, workflowId, 'Where is my invoice?');
    await using page = await watchRun(server.base, started.id);
    const run = await until('the run to end', async () => page.state.endedAt !== undefined && (await ended(server, started.id)), LIMIT_MS);
    expect(run).toMatchObject({ status: 'succeeded', demo: false });
    expect(run.output).toBe((stepOf(run, 'draft').output as { text: string }).text);
    expect(run.usage.inputTokens).toBeGreaterThan(10);
    expect(run.usage.outputTokens).toBeGreaterThan(1);
    const records = recordsOf(run);
    expect(records.length).toBeGreaterThan(0);
    for (const record of records) {
      expect(record).toMatchObject({ route: 'careful', connection: 'careful 1', provider: kind, model, demo: false });
      expect(record.usage.inputTokens).toBeGreaterThan(0);
      expect(record.usage.outputTokens).toBeGreaterThan(0);
      expect(record.attempts.at(-1)).toMatchObject({ model });
    }
    // It was streamed: the deltas of the last attempt are the answer.
    const words = page.deltas.filter(({ stepId }) => stepId === 'draft#1').map(({ text }) => text);
    expect(words.length).toBeGreaterThan(0);
    expect(words.join('')).toContain(records.at(-1)?.answer);
  });

  test('is used by `careful` automatically if the route was not edited, and its test lists the model', { timeout: LIMIT_MS }, async () => {
    await using server = await startTestServer();
    await routeTo(server, 'another', { kind, baseUrl, model: await modelName() });
    const { items } = await server.call(listConnections, {});
    const id = items.find((connection) => connection.kind === kind)?.id ?? '';
    expect((await server.call(testConnection, { params: { id } })).health).toMatchObject({ ok: true, models: [await modelName()] });
    expect(await server.call(getRoute, { params: { name: 'careful' } })).toMatchObject({ automatic: true, targets: [{ connectionId: id }] });
  });
});
