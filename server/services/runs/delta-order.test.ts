import { expect, test } from 'vitest';
import { inOrder } from './delta-order.ts';

/** The text that a page shows of a call after these pieces have arrived, and the text that a caller received. */
function hear() {
  let shown = '';
  const heard: string[] = [];
  const take = inOrder(({ text, restart, isLost }) => {
    shown = restart ? text : shown + text;
    heard.push(`${isLost ? 'lost' : restart ? 'restart' : ''}${text}`);
  });
  return {
    say: (at: number, text: string, more: { restart?: true } = {}) =>
      take({ workspaceId: 'ws', runId: 'run', stepId: 'step', callId: 'call', toCaller: true, at, text, ...more }),
    shown: () => shown,
    heard,
  };
}

test('passes words on in order, and doubled ones once', () => {
  const { say, shown, heard } = hear();
  say(0, 'Hello');
  say(5, ', ');
  say(5, ', ');
  say(7, 'world');
  expect(shown()).toBe('Hello, world');
  expect(heard).toEqual(['Hello', ', ', 'world']);
});

test('a gap voids the words so far, and the call stays silent', () => {
  const { say, shown, heard } = hear();
  say(0, 'Hello');
  say(7, 'world');
  say(12, '!');
  expect(heard).toEqual(['Hello', 'lost']);
  expect(shown()).toBe('');
});

test('words of a call whose beginning was not heard are not shown', () => {
  const { say, heard } = hear();
  say(7, 'world');
  say(12, '!');
  expect(heard).toEqual(['lost']);
});

test('a silent call is heard again once its text starts again', () => {
  const { say, shown, heard } = hear();
  say(0, 'Hello');
  say(7, 'world');
  say(12, '', { restart: true });
  say(13, 'Good');
  say(17, 'bye');
  expect(heard).toEqual(['Hello', 'lost', 'restart', 'Good', 'bye']);
  expect(shown()).toBe('Goodbye');
});

test('a lost restart is a gap, even if the next words have the same position in their text', () => {
  const { say, shown } = hear();
  say(0, 'Hello');
  // Lost: a restart at 5.
  say(6, 'Good');
  expect(shown()).toBe('');
});

test('a call that another process begins again starts over', () => {
  const { say, shown } = hear();
  say(0, 'Hel');
  say(0, 'Hel');
  say(3, 'lo');
  expect(shown()).toBe('Hello');
});
