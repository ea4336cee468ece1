import { readTraceparent } from '@switchyard/shared/traceparent.ts';
import { expect, it } from 'vitest';
import { createSampler } from './sampler.ts';
import { outgoingTraceparent, traceContext } from './trace-context.ts';
import { readTracingSettings } from './tracing-settings.ts';

const always = createSampler('parentbased_always_on', 1);
const HEADER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

it('derives the same valid IDs from a run each time, and others from another run', () => {
  const context = traceContext({ runId: 'run_1' }, always);
  expect(context).toEqual(traceContext({ runId: 'run_1' }, always));
  expect(context).not.toEqual(traceContext({ runId: 'run_2' }, always));
  expect(readTraceparent(outgoingTraceparent(context, 'run_1', 'call'))).toMatchObject({ traceId: context.traceId, isSampled: true });
});

it('takes the trace of a webhook, but not that of the run that a rerun repeats', () => {
  const trigger = { headers: { traceparent: HEADER } };
  expect(traceContext({ runId: 'run_1', trigger: { kind: 'webhook', ...trigger } }, always)).toMatchObject({ parentSpanId: '00f067aa0ba902b7' });
  expect(traceContext({ runId: 'run_1', trigger: { kind: 'rerun', ...trigger } }, always).parentSpanId).toBeUndefined();
});

it.each(['', '00-0-0-01', HEADER.toUpperCase(), HEADER.replace(/^00/, 'ff'), `${HEADER}-more`, HEADER.replace(/4b.{30}/, '0'.repeat(32))])(
  'ignores the invalid header “%s”',
  (header) => expect(readTraceparent(header)).toBeUndefined(),
);

it('samples by the caller, or by a share of traces that all processes agree on', () => {
  const half = createSampler('parentbased_traceidratio', 0.5);
  const chosen = Array.from({ length: 1_000 }, (_, index) => half(traceContext({ runId: `run_${index}` }, always).traceId, undefined)).filter(Boolean).length;
  expect(chosen).toBeGreaterThan(430);
  expect(chosen).toBeLessThan(570);
  expect([half('f'.repeat(32), true), half('0'.repeat(32), false), createSampler('always_off', 1)('0'.repeat(32), true)]).toEqual([true, false, false]);
});

it('is off without an endpoint, and when turned off', () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318/' };
  expect(readTracingSettings(env)?.url).toBe('http://127.0.0.1:4318/v1/traces');
  expect([readTracingSettings({}), readTracingSettings({ ...env, OTEL_SDK_DISABLED: 'true' })]).toEqual([undefined, undefined]);
});
