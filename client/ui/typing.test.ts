import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTyping, flushTyping } from './typing.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('Consecutive keys are reported once, at the pause', () => {
  const commit = vi.fn();
  const typing = createTyping(commit);
  for (const text of ['H', 'He', 'Hel']) {
    typing.hold(text);
    vi.advanceTimersByTime(100);
  }
  expect(commit).not.toHaveBeenCalled();
  vi.advanceTimersByTime(300);
  expect(commit.mock.calls).toEqual([['Hel']]);
  expect(typing.holds).toBe(false);
});

test('Typing without a pause is reported at intervals', () => {
  const commit = vi.fn();
  const typing = createTyping(commit);
  for (let key = 0; key < 60; key++) {
    typing.hold('x'.repeat(key + 1));
    vi.advanceTimersByTime(100);
  }
  expect(commit).toHaveBeenCalled();
});

test('Flushing reports pending text of every field at once', () => {
  const first = vi.fn();
  const second = vi.fn();
  createTyping(first).hold('one');
  createTyping(second).hold('two');
  flushTyping();
  vi.runAllTimers();
  expect([first.mock.calls, second.mock.calls]).toEqual([[['one']], [['two']]]);
});
