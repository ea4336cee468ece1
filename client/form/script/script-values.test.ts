import type { ScopeData } from '@switchyard/shared/expression/scope.ts';
import { expect, test } from 'vitest';
import { exportedNames, rangeOfError, scopeToSend } from './script-values.ts';

const data: ScopeData = { trigger: null, input: { a: 1 }, steps: { draft: 1, other: 2 }, previous: {}, round: 1, vars: { b: 2 }, run: {} };

test('a test sends only the steps that the code reads', () => {
  expect(scopeToSend('return steps.draft;', data)).toEqual({ input: { a: 1 }, steps: { draft: 1 }, vars: { b: 2 } });
  expect(scopeToSend('return Object.keys(steps);', data).steps).toEqual({ draft: 1, other: 2 });
  expect(scopeToSend('return item;', { ...data, item: 'x', index: 0 })).toMatchObject({ item: 'x', index: 0, steps: {} });
});

test('an error is shown at the word it names', () => {
  const source = 'const a = 1;\nreturn input.nope.deep;';
  expect(rangeOfError(source, { message: '', line: 2, column: 14 })).toEqual({ from: 26, to: 30 });
  expect(rangeOfError(source, { message: '', line: 2, column: 99 })).toEqual({ from: 35, to: 36 });
  expect(rangeOfError(source, { message: '', line: 9, column: 1 })).toBeUndefined();
  expect(rangeOfError(source, { message: '', line: 1, column: 1, inHelpers: true })).toBeUndefined();
  expect(rangeOfError(source, null)).toBeUndefined();
});

test('helpers are completed by the names they export', () => {
  expect(exportedNames('export const a = 1;\nexport async function b() {}\nconst hidden = 2;\n  export class C {}')).toEqual([
    'helpers.a',
    'helpers.b',
    'helpers.C',
  ]);
});
