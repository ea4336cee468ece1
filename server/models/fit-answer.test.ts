import { describe, expect, test } from 'vitest';
import { readAnswer } from './fit-answer.ts';

const schema = {
  type: 'object',
  properties: { label: { type: 'string', enum: ['billing', 'Bug report'] }, score: { type: 'number' }, tags: { type: 'array', items: { enum: ['a', 'b'] } } },
  required: ['label'],
  additionalProperties: false,
};

describe('an answer for a schema', () => {
  test.each([
    ['a value of an enum with spaces and capitals', '{"label":"Billing "}', { label: 'billing' }],
    ['a property that the schema does not allow', '{"label":"billing","mood":"good"}', { label: 'billing' }],
    ['a trailing comma', '{"label":"billing",}', { label: 'billing' }],
    ['single quotes and words around it', "Sure! {'label': 'bug report'}", { label: 'Bug report' }],
    ['a number as text', '{"label":"billing","score":"0.9"}', { label: 'billing', score: 0.9 }],
    ['items of a list', '{"label":"billing","tags":["A"," b"]}', { label: 'billing', tags: ['a', 'b'] }],
    ['JSON that was cut off', '{"label":"billing","score":1', { label: 'billing', score: 1 }],
  ])('is corrected: %s', (_what, text, value) => {
    expect(readAnswer(schema, text)?.value).toEqual(value);
  });

  test('keeps a value that is not allowed, for validation to find', () => {
    expect(readAnswer(schema, '{"label":"sales","score":"many"}')?.value).toEqual({ label: 'sales', score: 'many' });
  });

  test('is nothing without JSON', () => {
    expect(readAnswer(schema, 'billing, I think')).toBeUndefined();
    expect(readAnswer(schema, '')).toBeUndefined();
  });

  test('keeps unusual names', () => {
    const open = { type: 'object', properties: {} };
    expect(JSON.stringify(readAnswer(open, '{"__proto__":1,"constructor":2}')?.value)).toBe('{"__proto__":1,"constructor":2}');
  });
});
