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

test('sends the first words of a call at once, and those that arrive within 40 ms together', () => {
  const sent: Delta[] = [];
  const batches = createDeltaBatches((delta) => sent.push(delta));
  for (const text of ['one ', 'two ', 'three']) batches.add(words(text));
  batches.add(words('other', { callId: 'd' }));
  batches.add(words('elsewhere', { runId: 'run_2' }));
  const first = [words('one '), words('other', { callId: 'd' }), words('elsewhere', { runId: 'run_2' })];
  expect(sent).toEqual(first);
  vi.advanceTimersByTime(39);
  expect(sent).toEqual(first);
  vi.advanceTimersByTime(1);
  expect(sent).toEqual([...first, words('two three')]);
  batches.add(words('later'));
  expect(sent).toHaveLength(4);
  vi.advanceTimersByTime(40);
  expect(sent.slice(4)).toEqual([words('later')]);
});

test('sends the first words after a pause at once, and then needs no timer', () => {
  const sent: Delta[] = [];
  const batches = createDeltaBatches((delta) => sent.push(delta));
  batches.add(words('one '));
  vi.advanceTimersByTime(40);
  expect(vi.getTimerCount()).toBe(0);
  batches.add(words('two'));
  expect(sent).toEqual([words('one '), words('two')]);
});

test('sends the batched words of a run before its next event', () => {
  const sent: Delta[] = [];
  const batches = createDeltaBatches((delta) => sent.push(delta));
  for (const text of ['Not ', 'the ', 'end']) batches.add(words(text));
  for (const text of ['else', 'where']) batches.add(words(text, { runId: 'run_2' }));
  batches.flush('run_1');
  expect(sent).toEqual([words('Not '), words('else', { runId: 'run_2' }), words('the end')]);
  batches.flush('run_1');
  vi.advanceTimersByTime(40);
  expect(sent).toHaveLength(4);
});

test('a restart voids the words of its call that were not sent yet, and keeps those after it', () => {
  const sent: Delta[] = [];
  const batches = createDeltaBatches((delta) => sent.push(delta));
  batches.add(words('Hel'));
  batches.add(words('lo'));
  batches.add(words('', { restart: true }));
  batches.add(words('Good '));
  batches.add(words('day'));
  batches.flush('run_1');
  expect(sent).toEqual([words('Hel'), words('Good day', { restart: true })]);
});
