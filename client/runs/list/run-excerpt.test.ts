import { expect, test } from 'vitest';
import { runExcerpt } from './run-excerpt.ts';

const ran = (input: unknown) => runExcerpt({ status: 'succeeded', error: null, input });

test('An excerpt is the values of the input in one line', () => {
  expect(ran({ message: 'I was charged\n twice', customer: { name: 'Ada', tier: '' }, orders: [4417, null], urgent: true })).toBe(
    'I was charged twice · Ada · 4417',
  );
  expect(ran('Where is my order?')).toBe('Where is my order?');
  expect(ran({})).toBe('');
  expect(ran(null)).toBe('');
});

test('An excerpt of a large input is truncated, and one of a separately stored input is its beginning', () => {
  const long = ran({ message: 'word '.repeat(10_000), more: Array.from({ length: 10_000 }, (_, index) => index) });
  expect(long).toHaveLength(161);
  expect(long.endsWith('…')).toBe(true);
  expect(ran({ $blob: 'a'.repeat(64), bytes: 70_000, preview: 'It begins' })).toBe('It begins');
});

test('An excerpt of an object stored separately has its texts without the names of its fields', () => {
  const preview = '{"message": "Where is\\n \\"it\\"?", "tags": ["late", "vip"], "note": "It is cut o';
  expect(ran({ $blob: 'a'.repeat(64), bytes: 70_000, preview })).toBe('Where is "it"? · late · vip · It is cut o');
});

test('Removed values are left out of an excerpt', () => {
  const removed = { $removed: { type: 'object', bytes: 72 } };
  expect(ran(removed)).toBe('Input removed');
  expect(ran({ message: { $removed: { type: 'string', bytes: 72 } }, tier: 'gold' })).toBe('gold');
});

test('A run of a schedule shows when it was due, then its fixed input', () => {
  const due = new Date(2026, 11, 1, 8, 0).toISOString();
  const times = { dueAt: due, firedAt: new Date(Date.parse(due) + 40).toISOString() };
  expect(ran(times)).toBe('Schedule · 08:00');
  expect(ran({ ...times, articles: ['One', 'Two'] })).toBe('Schedule · 08:00 · One · Two');
  expect(ran({ $blob: 'a'.repeat(64), bytes: 70_000, preview: JSON.stringify({ ...times, text: 'Long' }) })).toBe('Schedule · 08:00 · Long');
});

test('A failed run shows its error instead', () => {
  expect(runExcerpt({ status: 'failed', error: { code: 'timeout', message: '“Draft” timed out after 5 s.' }, input: { message: 'Hi' } })).toBe(
    '“Draft” timed out after 5 s.',
  );
});
