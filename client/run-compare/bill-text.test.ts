import { expect, test } from 'vitest';
import { billText, itemLabel } from './bill-text.ts';

test('Values of a bill are written in words', () => {
  expect(billText('workflow', 'wf_1', { version: 3, graphHash: '0123456789abcdef' })).toBe('v3, graph 01234567');
  expect(billText('prompts', 'greet', [{ label: 'production', version: 2, variants: ['formal'] }])).toBe('v2 by label production, variant formal');
  expect(billText('models', 'draft', [{ model: 'small', connection: 'Main', calls: 2 }])).toBe('small on Main, 2 calls');
  expect(billText('fallbacks', 'draft', [[{ connection: 'Main', model: 'small', reason: 'timeout' }]])).toBe('small on Main failed: timeout');
  expect(billText('routes', 'draft', [{ route: 'fast', version: null }])).toBe('fast, unknown version');
  expect(billText('prices', 'small', [{ connection: 'Main', input: 0.25, output: 2 }])).toBe('$0.25 input, $2 output per million tokens on Main');
  expect(billText('caller', 'labels', { tenant: 'acme' })).toBe('tenant: acme');
  expect(billText('caller', 'trigger', 'webhook')).toBe('Webhook');
  expect(billText('reviewers', 'check', null)).toBe('–');
});

test('Items have names that people know', () => {
  expect([itemLabel('workflow', 'wf_1'), itemLabel('caller', 'actor'), itemLabel('prompts', 'greet')]).toEqual(['Version', 'Started by', 'greet']);
});
