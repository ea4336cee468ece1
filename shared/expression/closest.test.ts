import { expect, it } from 'vitest';
import { closest } from './closest.ts';

it('finds the intended name', () => {
  expect(closest('clasify', ['classify', 'draft'])).toBe('classify');
  expect(closest('darft', ['draft', 'graft'])).toBe('draft');
  expect(closest('Label', ['label'])).toBe('label');
});

it('finds nothing if all names are too different', () => {
  expect(closest('refund', ['classify', 'draft'])).toBeUndefined();
  expect(closest('ab', ['cd'])).toBeUndefined();
  expect(closest('x', [])).toBeUndefined();
  expect(closest('p', ['i'])).toBeUndefined();
});
