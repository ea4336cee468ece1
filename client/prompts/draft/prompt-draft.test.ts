import { expect, test } from 'vitest';
import { changesBetween, contentOf, type DraftContent, readDraft, sendable } from './prompt-draft.ts';

const base: DraftContent = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello {{ name }}' },
  ],
  variables: { type: 'object', properties: { name: { type: 'string' } } },
  variants: [],
};

test('equal contents have no changes, whatever the order of names in a schema', () => {
  expect(changesBetween(base, { ...base, variables: { properties: { name: { type: 'string' } }, type: 'object' } })).toEqual([]);
});

test('each changed part is named once', () => {
  const after = { ...base, messages: [{ role: 'system' as const, content: 'Be kind.' }, ...base.messages.slice(1)], parameters: { temperature: 0.2 } };
  expect(changesBetween(base, after)).toEqual(['system text', 'temperature']);
  expect(changesBetween(base, { ...base, messages: [...base.messages].reverse() })).toEqual(['order of messages']);
});

test('a draft that can’t be saved yet can still be read', () => {
  const draft = { ...base, messages: [], variables: '{ "type": ' };
  expect(readDraft(JSON.stringify(draft))).toEqual(draft);
  expect(sendable(draft)).toBeUndefined();
});

test('text that is not a draft is ignored', () => {
  expect(readDraft(undefined)).toBeUndefined();
  expect(readDraft('{')).toBeUndefined();
  expect(readDraft('{"messages": 1}')).toBeUndefined();
});

test('empty parameters are left out', () => {
  expect(contentOf({ ...base, parameters: {} })).toEqual(base);
  expect(sendable({ ...base, parameters: { maxTokens: 10 } })).toEqual({ ...base, parameters: { maxTokens: 10 } });
});
