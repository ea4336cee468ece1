import { expect, test } from 'vitest';
import { createToolCalls } from './tool-calls.ts';

const collected = (...deltas: unknown[]) => {
  const calls = createToolCalls();
  for (const delta of deltas) calls.add(delta);
  return calls.end().toolCalls;
};

test('joins the pieces of several calls', () => {
  expect(
    collected(
      [{ index: 0, id: 'a', function: { name: 'find', arguments: '' } }],
      [{ index: 0, function: { arguments: '{"q":' } }],
      [
        { index: 1, id: 'b', function: { name: 'send', arguments: '{}' } },
        { index: 0, function: { arguments: '1}' } },
      ],
    ),
  ).toEqual([
    { id: 'a', name: 'find', arguments: '{"q":1}' },
    { id: 'b', name: 'send', arguments: '{}' },
  ]);
});

test('reads whole calls without an index or an ID, with arguments as an object', () => {
  expect(collected([{ function: { name: 'find', arguments: { q: 1 } } }])).toEqual([
    { id: expect.stringMatching(/^call_/), name: 'find', arguments: '{"q":1}' },
  ]);
});

test('tells calls with the same index apart by their IDs', () => {
  const call = (id: string) => [{ index: 0, id, function: { name: id, arguments: '{}' } }];
  expect(collected(call('a'), call('b'))?.map(({ name }) => name)).toEqual(['a', 'b']);
});

test('returns nothing if there was no call', () => {
  expect(collected(undefined, null, [])).toBeUndefined();
});
