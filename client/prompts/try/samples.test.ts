import { expect, test } from 'vitest';
import { readSamples, sampleTitle, typedValues, valuesOf } from './samples.ts';

const schema = { type: 'object', properties: { name: { type: 'string' }, orders: { type: 'array' }, count: { type: 'integer' } } };

test('texts stay as typed, other values are read as JSON, and empty or undeclared ones are left out', () => {
  expect(valuesOf(schema, { values: { name: '12', orders: '[1]', count: '', other: 'x' } })).toEqual({ name: '12', orders: [1] });
  expect(valuesOf(schema, { values: { orders: '[1' } })).toEqual({ orders: '[1' });
  expect(typedValues({ name: 'Ada', count: 3 })).toEqual({ name: 'Ada', count: '3' });
});

test('a sample without a title is called by its first value', () => {
  expect(sampleTitle({ title: ' Refund ', values: {} })).toBe('Refund');
  expect(sampleTitle({ title: '', values: { name: '', message: 'Where is\nmy order?' } })).toBe('Where is');
  expect(sampleTitle({ title: '', values: { message: `${'word '.repeat(12)}and more` } })).toBe(`${'word '.repeat(11)}word…`);
  expect(sampleTitle({ title: '', values: {} })).toBe('Empty sample');
});

test('stored samples that can’t be read are ignored', () => {
  const sample = { id: 'a', title: '', values: { name: 'Ada' }, labels: '' };
  expect(readSamples(JSON.stringify([sample]))).toEqual([sample]);
  for (const text of [undefined, '', '{', '[{"id":1}]']) expect(readSamples(text)).toEqual([]);
});
