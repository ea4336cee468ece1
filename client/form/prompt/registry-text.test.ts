import { expect, test } from 'vitest';
import { promptNameFrom, registryText } from './registry-text.ts';

test('each expression becomes a variable, once, and its value stays with the node', () => {
  const text = registryText({ system: 'You answer for {{ vars.brand }}.', message: '{{ input.message }} from {{vars.brand}}: {{ input.order.id }}' });
  expect(text).toEqual({
    messages: [
      { role: 'system', content: 'You answer for {{ brand }}.' },
      { role: 'user', content: '{{ message }} from {{ brand }}: {{ id }}' },
    ],
    variables: { type: 'object', properties: { brand: {}, message: {}, id: {} }, required: ['brand', 'message', 'id'] },
    values: { brand: '{{ vars.brand }}', message: '{{ input.message }}', id: '{{ input.order.id }}' },
  });
});

test('different expressions get different names', () => {
  const text = registryText({
    system: '',
    message: '{{ input.text }} {{ steps.draft.text }} {{ 1 + 1 }} {{ input.type }} {{ previous.?review.?comment.orValue("") }}',
  });
  expect(text?.messages).toEqual([{ role: 'user', content: '{{ text }} {{ text_2 }} {{ value }} {{ type_value }} {{ comment }}' }]);
});

test('plain text needs no variables', () => {
  expect(registryText({ system: '', message: 'Hello' })).toEqual({
    messages: [{ role: 'user', content: 'Hello' }],
    variables: { type: 'object', properties: {} },
    values: {},
  });
});

test('text with a syntax error can’t be moved', () => {
  expect(registryText({ system: '', message: '{{ input.message' })).toBeUndefined();
  expect(registryText({ system: '', message: '{{ 1 + }}' })).toBeUndefined();
});

test('the title of a node gives a valid name', () => {
  expect(promptNameFrom('Draft reply (EN)')).toBe('draft-reply-en');
  expect(promptNameFrom('1. Prüfen')).toBe('pru-fen');
  expect(promptNameFrom('!')).toBe('');
});
