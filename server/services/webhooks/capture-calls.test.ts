import type { CapturedCall } from '@switchyard/shared/realtime/protocol.ts';
import { expect, test } from 'vitest';
import { inProcessBus } from '../../ownership/in-process-bus.ts';
import { createCallCapture } from './capture-calls.ts';

const CALL: CapturedCall = { at: '2026-01-01T00:00:00.000Z', method: 'POST', contentType: 'application/json', bytes: 2, headers: {}, query: {}, body: {} };
const A_MINUTE = 60_000;

/** Two processes on one bus, and their clock. */
function twoProcesses() {
  const bus = inProcessBus((error) => {
    throw error;
  });
  let now = 0;
  const create = () => createCallCapture({ bus, elapsed: () => now });
  return { here: create(), there: create(), pass: (ms: number) => (now += ms) };
}

test('a request that arrives at another process is shown to the listener', async () => {
  const { here, there } = twoProcesses();
  const listening = here.listen('wf', A_MINUTE, new AbortController().signal);
  expect([there.isListening('wf'), there.isListening('another')]).toEqual([true, false]);
  there.captured('wf', CALL);
  expect(await listening).toEqual(CALL);
  expect(here.isListening('wf')).toBe(false);
});

test('a listener of another process that was not heard for 10 s is gone', () => {
  const { here, there, pass } = twoProcesses();
  const stop = new AbortController();
  void here.listen('wf', A_MINUTE, stop.signal);
  stop.abort();
  expect([here.isListening('wf'), there.isListening('wf')]).toEqual([false, true]);
  pass(10_000);
  expect(there.isListening('wf')).toBe(false);
});
