import { expect, it } from 'vitest';
import { differences } from './expected-output.ts';

it('names each difference by its path, and ignores fields that are not expected', () => {
  const output = { label: 'billing', confidence: 0.9, tags: ['a', 'b'] };
  expect(differences({ label: 'billing' }, output)).toEqual([]);
  expect(differences({ label: 'other', tags: ['a', 'c'] }, output)).toEqual([
    'output.label: expected "other", got "billing"',
    'output.tags[1]: expected "c", got "b"',
  ]);
  expect(differences({ tags: ['a'] }, output)).toEqual(['output.tags: expected ["a"], got ["a","b"]']);
  expect(differences({ reply: 1 }, output)).toEqual(['output.reply: expected 1, got nothing']);
  expect(differences('Hello', 'Hello')).toEqual([]);
  expect(differences(undefined, output)).toEqual([]);
});
