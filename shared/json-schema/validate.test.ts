import { expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import type { JsonSchema } from '../json.ts';
import { validateJson } from './validate.ts';

const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://example.com/ticket',
  type: 'object',
  properties: { label: { enum: ['a', 'b'] }, mail: { type: 'string', format: 'email' }, list: { type: 'array', items: { type: 'object', required: ['x'] } } },
  required: ['label'],
  additionalProperties: false,
};

test('returns no errors for a valid value', () => {
  expect(validateJson(schema, { label: 'a', mail: 'ana@example.com' })).toEqual([]);
});

test('names the path in each error and says what is wrong', () => {
  expect(validateJson(schema, { mail: 'no address', list: [{}], more: 1 })).toEqual(
    expect.arrayContaining([
      { path: 'label', message: 'is missing' },
      { path: 'more', message: 'is not allowed here' },
      { path: 'mail', message: 'must be an email address' },
      { path: 'list.0.x', message: 'is missing' },
    ]),
  );
  expect(validateJson(schema, { label: 'c' })).toEqual([{ path: 'label', message: 'must be one of "a", "b"' }]);
});

test('describes types, formats, and bounds in plain words', () => {
  const told = (of: JsonSchema, value: unknown) => validateJson(of, value).map(({ message }) => message);
  expect(told({ type: 'integer' }, 'x')).toEqual(['must be a whole number']);
  expect(told({ type: ['string', 'null'] }, 1)).toEqual(['must be text or null']);
  expect(told({ type: 'string', format: 'date' }, '31.1.')).toEqual(['must be a date, for example 2026-01-31']);
  expect(told({ type: 'string', format: 'ipv4' }, 'x')).toEqual(['must be an IPv4 address']);
  expect(told({ type: 'string', minLength: 1 }, '')).toEqual(['must not be empty']);
  expect(told({ type: 'string', maxLength: 1 }, 'ab')).toEqual(['must have at most 1 character']);
  expect(told({ type: 'array', minItems: 2 }, [])).toEqual(['must have at least 2 items']);
  expect(told({ type: 'number', minimum: 0, maximum: 5 }, 9)).toEqual(['must be at most 5']);
  expect(told({ const: 'a' }, 'b')).toEqual(['must be "a"']);
});

test('keeps two schemas with the same $id apart', () => {
  expect(validateJson({ $id: 'https://example.com/ticket', type: 'string' }, 'text')).toEqual([]);
  expect(validateJson({ $id: 'https://example.com/ticket', type: 'number' }, 'text')).toHaveLength(1);
});

test('finds no required field on the prototype', () => {
  expect(validateJson({ type: 'object', required: ['constructor'] }, {})).toEqual([{ path: 'constructor', message: 'is missing' }]);
});

test('throws an error that explains an invalid schema', () => {
  expect(() => validateJson({ type: 'strin' }, 1)).toThrow(AppError);
  expect(() => validateJson({ type: 'strin' }, 1)).toThrow(/Invalid JSON Schema/);
});

test('returns at most 20 errors', () => {
  expect(validateJson({ type: 'array', items: { type: 'string' } }, new Array(100).fill(1))).toHaveLength(20);
});

test('matches a pattern anywhere in a text, in any script', () => {
  const fits = (pattern: string, text: string) => validateJson({ type: 'string', pattern }, text).length === 0;
  expect(fits('^[A-Z]{2}\\d{4}$', 'AB1234')).toBe(true);
  expect(fits('^[A-Z]{2}\\d{4}$', 'AB12345')).toBe(false);
  expect(fits('\\u00e9', 'café')).toBe(true);
  expect(fits('^https?:\\/\\/\\p{L}', 'https://x')).toBe(true);
  expect(validateJson({ type: 'object', patternProperties: { '^x-': { type: 'number' } } }, { 'x-a': 'no', b: 'no' })).toMatchObject([{ path: 'x-a' }]);
  expect(validateJson({ allOf: [{ pattern: 'a' }, { pattern: 'b' }] }, 'a')).toMatchObject([{ message: 'must match pattern "b"' }]);
});

test('runs a pattern in linear time, and rejects one that can’t', () => {
  expect(validateJson({ type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(50_000)}!`)).toHaveLength(1);
  expect(() => validateJson({ type: 'string', pattern: '^(?=.*a)' }, 'a')).toThrow(/Invalid JSON Schema/);
});

test('finds equal items in one pass over a list', () => {
  const many = Array.from({ length: 200_000 }, (_, index) => index);
  expect(validateJson({ uniqueItems: true }, many)).toEqual([]);
  expect(
    validateJson({ uniqueItems: true }, [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ]),
  ).toEqual([{ path: '', message: 'must not contain duplicate items' }]);
  expect(validateJson({ uniqueItems: true }, [1, '1', null, [1]])).toEqual([]);
  expect(validateJson({ uniqueItems: false }, [1, 1])).toEqual([]);
});

test.each([{ $ref: '#' }, { allOf: [{ $ref: '#' }] }, { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }])(
  'rejects %j, which refers to itself endlessly',
  (endless) => {
    expect(() => validateJson(endless, 1)).toThrow(/Invalid JSON Schema/);
  },
);
