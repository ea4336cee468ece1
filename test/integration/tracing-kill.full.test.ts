import { expect, test } from 'vitest';
import { startGatedServer } from '../kit/gated-server.ts';
import { startOtlpReceiver } from '../kit/otlp-receiver.ts';
import { requestGraph } from '../kit/request-graph.ts';
import { begin, ended, isCalling, whenRun, workflowOf } from '../kit/runs.ts';
import { temporaryDir } from '../kit/server.ts';
import { startServerProcess } from '../kit/server-process.ts';
import { until } from '../kit/until.ts';

test('a kill -9 in the middle of a run makes no second span, and the rest of the trace follows', async () => {
  await using receiver = await startOtlpReceiver();
  await using gate = await startGatedServer();
  await using dir = await temporaryDir();
  const env = { EGRESS_ALLOW: '127.0.0.1', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint };
  const first = await startServerProcess({ dataDir: dir.path, env });
  const { id } = await begin(first, await workflowOf(first, requestGraph(gate.url)));
  await whenRun(first, id, 'calling', (run) => isCalling(run, 'fetch'));
  await until('the span of the first step', () => receiver.spans.some(({ name }) => name === 'start'));
  await first.kill();

  await using second = await startServerProcess({ dataDir: dir.path, env });
  gate.answerAll();
  expect(await ended(second, id)).toMatchObject({ status: 'succeeded' });
  await until('the span of the run', () => receiver.spans.some(({ name }) => name.startsWith('workflow ')));
  const spans = receiver.spans.filter(({ attributes }) => attributes['switchyard.run.id'] === id);
  expect(spans.map(({ name }) => name.replace(/^workflow .*/, 'run')).sort()).toEqual(['GET', 'fetch', 'reply', 'run', 'start']);
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(5);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  const fetchSpan = spans.find(({ name }) => name === 'fetch');
  expect(spans.find(({ name }) => name === 'GET')?.parentSpanId).toBe(fetchSpan?.spanId);
});
