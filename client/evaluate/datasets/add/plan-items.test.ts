import type { CsvFile } from '@switchyard/shared/tables/read-csv.ts';
import { readCsv } from '@switchyard/shared/tables/read-csv.ts';
import { expect, it } from 'vitest';
import { itemsOf, partsOf, rolesOf, rolesProblem } from './plan-items.ts';

const fileOf = (text: string): CsvFile => {
  const file = readCsv(text);
  if ('problem' in file) throw new Error(file.problem);
  return file;
};

it('reads columns by their name, and others as fields of the input', () => {
  const file = fileOf('message,amount,urgent,expected,tags\nWhere is it?,12,yes,"{""label"":""delivery""}","late, risky"\nHello,,no,,\n');
  expect(itemsOf(file, rolesOf(file))).toEqual([
    { line: 2, input: { message: 'Where is it?', amount: 12, urgent: true }, expected: { label: 'delivery' }, tags: ['late', 'risky'] },
    { line: 3, input: { message: 'Hello', urgent: false }, tags: [] },
  ]);
});

it('keeps codes with leading zeros and broken JSON as text', () => {
  const file = fileOf('input;expected\n{broken;007\n[1];010\n');
  expect(itemsOf(file, rolesOf(file))).toEqual([
    { line: 2, input: '{broken', expected: '007', tags: [] },
    { line: 3, input: [1], expected: '010', tags: [] },
  ]);
});

it('says why columns can’t be imported', () => {
  expect(rolesProblem(['expected', 'skip'])).toBe('Choose a column for the input.');
  expect(rolesProblem(['input', 'input'])).toBe('Only one column can be the whole input.');
  expect(rolesProblem(['input', 'expected', 'expected-field'])).toBe('The expected value is either one column, or has fields.');
  expect(rolesProblem(['input-field', 'input-field', 'expected', 'tags'])).toBeUndefined();
});

it('sends all items in requests of bounded size', () => {
  const items = Array.from({ length: 450 }, (_, n) => ({ input: n === 3 ? 'x'.repeat(2_000_000) : n, tags: [] }));
  const parts = [...partsOf(items)];
  expect(parts.flat()).toEqual(items);
  expect(parts.map((part) => part.length)).toEqual([3, 1, 200, 200, 46]);
});
