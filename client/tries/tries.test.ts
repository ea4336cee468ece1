import type { TriedCall } from '@switchyard/shared/contracts/calls/tried-call.ts';
import { expect, test } from 'vitest';
import type { TryListener } from '../api/stream-try.ts';
import { createTries } from './tries.ts';

const request = { route: 'fast' };
const result: TriedCall = {
  text: 'Hello',
  route: 'fast',
  routeVersion: 1,
  connection: 'demo',
  model: 'demo',
  demo: true,
  cached: false,
  usage: { inputTokens: 1, outputTokens: 1 },
  costMicros: 0,
  ms: 5,
  firstTokenMs: 1,
  finishReason: 'stop',
  attempts: [],
};

/** Tries whose calls are answered by the test, and whose frames come when it says so. */
function setUp() {
  const calls: (TryListener & ReturnType<typeof Promise.withResolvers<TriedCall>>)[] = [];
  const frames: (() => void)[] = [];
  const send = (_: unknown, listener: TryListener) => {
    const answer = Promise.withResolvers<TriedCall>();
    listener.signal.addEventListener('abort', () => answer.reject(listener.signal.reason));
    calls.push({ ...listener, ...answer });
    return answer.promise;
  };
  const tries = createTries(send, { schedule: (task) => void frames.push(task), now: () => 7 });
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { tries, calls, frames, settled };
}

test('text is shown once per frame, a restart voids it, and the result replaces it', async () => {
  const { tries, calls, frames, settled } = setUp();
  let told = 0;
  tries.start('a', request);
  tries.subscribe(() => told++);
  calls[0]?.onDelta('Hel');
  calls[0]?.onDelta('lo');
  expect(frames).toHaveLength(1);
  expect(told).toBe(0);
  frames[0]?.();
  expect(told).toBe(1);
  expect(tries.all().get('a')).toEqual({ kind: 'running', text: 'Hello', startedAt: 7 });
  calls[0]?.onRestart();
  expect(tries.all().get('a')).toMatchObject({ text: '' });
  calls[0]?.resolve(result);
  await settled();
  expect(tries.all().get('a')).toEqual({ kind: 'done', result });
});

test('four run at once, the next starts when one ends, and a failure keeps the text', async () => {
  const { tries, calls, settled } = setUp();
  for (const key of ['a', 'b', 'c', 'd', 'e']) tries.start(key, request);
  expect(calls).toHaveLength(4);
  expect(tries.all().get('e')).toEqual({ kind: 'waiting' });
  calls[0]?.onDelta('Half');
  const error = new Error('broken');
  calls[0]?.reject(error);
  await settled();
  expect(tries.all().get('a')).toEqual({ kind: 'failed', text: 'Half', error });
  expect(calls).toHaveLength(5);
});

test('stopping ends what waits and runs, and a new try replaces the one with its key', async () => {
  const { tries, calls, settled } = setUp();
  for (const key of ['a', 'b', 'c', 'd', 'e']) tries.start(key, request);
  calls[1]?.onDelta('Half');
  tries.stop();
  await settled();
  expect([...tries.all().values()].map((state) => state.kind)).toEqual(['stopped', 'stopped', 'stopped', 'stopped', 'stopped']);
  expect(tries.all().get('b')).toMatchObject({ text: 'Half' });
  tries.start('a', request);
  tries.start('a', request);
  await settled();
  expect(calls.slice(4).map(({ signal }) => signal.aborted)).toEqual([true, false]);
  expect(tries.all().get('a')).toMatchObject({ kind: 'running' });
});
