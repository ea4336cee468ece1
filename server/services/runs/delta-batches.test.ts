import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDeltaBatches, type Delta } from './delta-batches.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const words = (text: string, more: Partial<Delta> = {}): Delta => ({
  workspaceId: 'w',
  runId: 'run_1',
  stepId: 's',
  callId: 'c',
  text,
  toCaller: true,
  ...more,
});

test('sends words that arrive within 40 ms together, by call and in order', () => {
  const sent: Delta[] = [];
  const batches = createDeltaBatches((delta) => sent.push(delta));
  for (const text of ['one ', 'two ', 'three']) batches.add(words(text));
  batches.add(words('other', { callId: 'd' }));
  batches.add(words('elsewhere', { runId: 'run_2' }));
  vi.advanceTimersByTime(39);
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(sent).toEqual([words('one two three'), words('other', { callId: 'd' }), words('elsewhere', { runId: 'run_2' })]);
  batches.add(words('later'));
  vi.advanceTimersByTime(40);
  expect(sent).toHaveLength(4);
});

test('sends the batched words of a run before its next event', () => {
  const sent: Delta[] = [];
  const batches = createDeltaBatches((delta) => sent.push(delta));
  batches.add(words('the end'));
  batches.add(words('elsewhere', { runId: 'run_2' }));
  batches.flush('run_1');
  expect(sent).toEqual([words('the end')]);
  batches.flush('run_1');
  vi.advanceTimersByTime(40);
  expect(sent).toHaveLength(2);
});

test('a restart voids the words of its call that were not sent yet, and keeps those after it', () => {
  const sent: Delta[] = [];
  const batches = createDeltaBatches((delta) => sent.push(delta));
  batches.add(words('Hel'));
  batches.add(words('', { restart: true }));
  batches.add(words('Good '));
  batches.add(words('day'));
  batches.flush('run_1');
  expect(sent).toEqual([words('Good day', { restart: true })]);
});
