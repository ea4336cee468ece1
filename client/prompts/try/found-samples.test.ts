import type { PromptSample } from '@switchyard/shared/contracts/prompt-samples.ts';
import { expect, test } from 'vitest';
import { foundSamples } from './found-samples.ts';

const content = { variables: { type: 'object', properties: { message: { type: 'string' }, size: { type: 'number' } } } };
const run = (variables: PromptSample['variables'], labels = {}): PromptSample => ({
  source: 'run',
  id: 'run_1',
  from: 'Support',
  sample: null,
  at: '2026-01-05T10:00:00.000Z',
  labels,
  variables,
});

test('a found sample has the declared variables as typed, the labels of its run, and the name of its input', () => {
  const [ofRun] = foundSamples([run({ message: 'Hi', size: 2, earlier: 'x' }, { language: 'de' })], content, []);
  expect(ofRun).toMatchObject({ sample: { title: '', values: { message: 'Hi', size: '2' }, labels: 'language: de' }, isKnown: false });
  const [ofInput] = foundSamples([{ ...run({ message: 'Hi' }), source: 'template', sample: 'Short' }], content, []);
  expect(ofInput?.sample.title).toBe('Short');
});

test('repeated values, and those without a declared variable, are left out', () => {
  const items = [run({ message: 'Hi', other: 1 }), run({ message: 'Hi', other: 2 }), run({ message: 'Hi' }, { language: 'de' }), run({ other: 1 })];
  expect(foundSamples(items, content, []).map(({ sample }) => sample.labels)).toEqual(['', 'language: de']);
});

test('values that are a sample already are marked', () => {
  const known = [{ id: 'a', title: 'Mine', values: { message: 'Hi', size: '' }, labels: '' }];
  expect(foundSamples([run({ message: 'Hi' }), run({ message: 'Ho' })], content, known).map(({ isKnown }) => isKnown)).toEqual([true, false]);
});
