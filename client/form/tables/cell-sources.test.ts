import { expect, it } from 'vitest';
import { topValues } from '../values/value-tree.ts';
import { cellFor, cellSources } from './cell-sources.ts';

const text = { type: 'string' };
const object = (properties: object) => ({ type: 'object', properties });
const step = object({ label: text, confidence: { type: 'number' }, reason: text });
const scope = object({
  item: {},
  index: { type: 'integer' },
  input: object({ articles: { type: 'array' }, customerName: text }),
  steps: object({ summary: object({ text }), check: step, ask: object({ value: object({ id: text, tags: { type: 'array' } }) }) }),
  vars: object({ brand: text }),
});
const titles = new Map([['summary', 'Summary']]);
const sources = (data: Record<string, unknown> = {}) =>
  cellSources(
    topValues(scope, data, (key) => titles.get(key)),
    { optional: ([, key]) => (key === 'check' ? 'steps.?check.?x.orValue("")' : undefined) },
  );

it('offers the item, the input, and the steps before as columns, and suggests those that a table of items wants', () => {
  expect(sources().map(({ name, type, value, isSuggested }) => [name, type, value, isSuggested])).toEqual([
    ['Item', 'text', '{{ item }}', true],
    ['Articles', 'json', '{{ input.articles }}', false],
    ['Customer name', 'text', '{{ input.customerName }}', false],
    ['Summary', 'text', '{{ steps.summary.text }}', true],
    ['Label', 'text', '{{ steps.?check.?x.orValue("") }}', true],
    ['Confidence', 'number', '{{ steps.?check.?x.orValue("") }}', true],
    ['Reason', 'text', '{{ steps.?check.?x.orValue("") }}', false],
    ['Id 2', 'text', '{{ steps.ask.value.id }}', true],
    ['Tags', 'json', '{{ steps.ask.value.tags }}', false],
  ]);
});

it('takes the fields of an item that a run has shown', () => {
  const names = sources({ item: { title: 'One', score: 3 } }).map(({ name, type }) => `${name}: ${type}`);
  expect(names.slice(0, 2)).toEqual(['Title: text', 'Score: number']);
});

it('fills a column of an existing table with the value of the same name', () => {
  const all = sources();
  expect(cellFor('summary', all)).toBe('{{ steps.summary.text }}');
  expect(cellFor('customer_name', all)).toBe('{{ input.customerName }}');
  expect(cellFor('Amount', all)).toBe('');
});
