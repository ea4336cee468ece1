import { nodeTypes } from '@switchyard/nodes/catalog.ts';
import { expect, test } from 'vitest';
import { bestMatch, fitting, fittingInside, paletteGroups } from './palette-groups.ts';

const titles = (search: string) => paletteGroups(nodeTypes, search).flatMap((group) => group.items.map((item) => item.title));

test('Every node type belongs to a group', () => {
  expect(titles('').sort()).toEqual(nodeTypes.map((type) => type.title).sort());
});

test('Searches titles and summaries', () => {
  expect(titles('label')).toContain('Classify');
  expect(titles('no such step')).toEqual([]);
});

test('Enter adds the node whose title starts with the search text', () => {
  expect(bestMatch(paletteGroups(nodeTypes, 'prom'))?.type).toBe('prompt');
  expect(bestMatch([])).toBeUndefined();
});

test.each([
  ['if', 'Condition'],
  ['switch', 'Condition'],
  ['router', 'Condition'],
  ['loop', 'Condition'],
  ['llm', 'Prompt'],
  ['gpt', 'Prompt'],
  ['claude', 'Prompt'],
  ['chat', 'Prompt'],
  ['webhook', 'Input'],
  ['trigger', 'Input'],
  ['start', 'Input'],
  ['respond', 'Output'],
  ['set', 'Transform'],
  ['map', 'Transform'],
  ['code', 'Code'],
  ['pdf', 'Extract'],
  ['excel', 'Extract'],
  ['csv', 'Extract'],
  ['parse', 'Extract'],
  ['export', 'Make a file'],
  ['javascript', 'Code'],
  ['filter', 'Transform'],
  ['email', 'HTTP request'],
  ['slack', 'HTTP request'],
  ['tool', 'HTTP request'],
  ['approval', 'Human review'],
  ['form', 'Human review'],
  ['schedule', 'Delay'],
  ['sleep', 'Delay'],
  ['timer', 'Delay'],
  ['join', 'Merge'],
  ['sentiment', 'Classify'],
  ['intent', 'Classify'],
  ['comment', 'Note'],
])('A search for “%s” offers %s first', (search, title) => {
  expect(bestMatch(paletteGroups(nodeTypes, search))?.title).toBe(title);
});

test('A synonym matches whole words only', () => {
  expect(titles('if')).toEqual(['Condition']);
});

test('Only nodes with a fitting port are offered for a dropped edge', () => {
  const after = fitting(nodeTypes, 'source').map((type) => type.type);
  expect(after).toContain('output');
  expect(after).not.toContain('input');
  expect(after).not.toContain('note');
  const before = fitting(nodeTypes, 'target').map((type) => type.type);
  expect(before).toContain('input');
  expect(before).not.toContain('output');
});

test('Inside a for-each, nodes that work on the item come first, and Input and Output are not offered', () => {
  const groups = paletteGroups(fittingInside(nodeTypes), '', true);
  expect(bestMatch(groups)?.type).toBe('prompt');
  const types = groups.flatMap(({ items }) => items.map(({ type }) => type));
  expect(types).not.toContain('input');
  expect(types).not.toContain('output');
  expect(bestMatch(paletteGroups(fittingInside(nodeTypes), 'if', true))?.type).toBe('condition');
});
