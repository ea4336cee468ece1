import { expect, test } from 'vitest';
import { changedLeaf } from './changed-path.ts';

test('The changed text is found deep inside params', () => {
  const labels = (name: string) => ({ labels: [{ name: 'x' }, { name }], route: 'fast' });
  expect(changedLeaf(labels('re'), labels('ref'))).toBe('.labels.1.name');
  expect(changedLeaf({ text: 'a' }, { text: 'a', note: 'b' })).toBe('.note');
});

test('A change of shape, or of two fields at once, is not typing', () => {
  expect(changedLeaf({ list: [1] }, { list: [1, 2] })).toBeUndefined();
  expect(changedLeaf({ a: '1', b: '1' }, { a: '2', b: '2' })).toBeUndefined();
  expect(changedLeaf({ on: true }, { on: false })).toBeUndefined();
  expect(changedLeaf({ a: '1', b: '1' }, { a: '1' })).toBeUndefined();
});
