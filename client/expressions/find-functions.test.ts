import { EXPRESSION_FUNCTIONS } from '@switchyard/shared/expression/functions/catalog.ts';
import { expect, it } from 'vitest';
import { findFunctions } from './find-functions.ts';

const namesOf = (search: string) => findFunctions(EXPRESSION_FUNCTIONS, search).flatMap(({ functions }) => functions.map(({ name }) => name));

it('finds functions by words of their name, description, or group, in any order', () => {
  expect(namesOf('groupBy')).toEqual(['groupBy']);
  expect(namesOf('zone FORMAT')).toEqual(['parseDate', 'format']);
  expect(namesOf('urls query')).toContain('parseQuery');
  expect(namesOf('no such function')).toEqual([]);
});

it('lists every function once without a search', () => {
  expect(namesOf(' ')).toHaveLength(EXPRESSION_FUNCTIONS.length);
});
