import { expect, it } from 'vitest';
import { changedFields } from './corrections.ts';

const field = (name: string, value: unknown) => ({ name, label: name, kind: 'json' as const, value });
const decided = (values: Record<string, unknown>) => ({ decision: 'approve', values, comment: '', reasons: [] });
const fields = [field('reply', 'all is well'), field('amount', 129), field('tags', { a: [1], b: 2 }), field('note', null)];
const changed = (values: Record<string, unknown>) => changedFields({ fields, decision: decided(values) }).map(({ name }) => name);

it('a field counts as corrected if its value differs from the draft', () => {
  expect(changed({ reply: 'we are sorry', amount: 129, tags: { b: 2, a: [1] }, note: '' })).toEqual(['reply']);
  expect(changed({ reply: 'all is well', amount: 0, tags: { a: [2], b: 2 }, note: 'call her' })).toEqual(['amount', 'tags', 'note']);
});

it('an undecided review has no corrections, and a value that was not sent is none', () => {
  expect(changedFields({ fields, decision: null })).toEqual([]);
  expect(changed({})).toEqual([]);
});
