import { AppError } from '@switchyard/shared/errors.ts';
import { expect, test } from 'vitest';
import { validateJson } from './validate.ts';

const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://example.com/ticket',
  type: 'object',
  properties: { label: { enum: ['a', 'b'] }, mail: { type: 'string', format: 'email' }, list: { type: 'array', items: { type: 'object', required: ['x'] } } },
  required: ['label'],
  additionalProperties: false,
};

test('a value that fits has no errors', () => {
  expect(validateJson(schema, { label: 'a', mail: 'ana@example.com' })).toEqual([]);
});

test('each error names the path and says what is wrong', () => {
  expect(validateJson(schema, { mail: 'nobody', list: [{}], more: 1 })).toEqual(
    expect.arrayContaining([
      { path: 'label', message: 'is missing' },
      { path: 'more', message: 'is not expected here' },
      { path: 'mail', message: 'must match format "email"' },
      { path: 'list.0.x', message: 'is missing' },
    ]),
  );
  expect(validateJson(schema, { label: 'c' })).toEqual([{ path: 'label', message: 'must be one of "a", "b"' }]);
});

test('two schemas with one $id do not disturb each other', () => {
  expect(validateJson({ $id: 'https://example.com/ticket', type: 'string' }, 'text')).toEqual([]);
  expect(validateJson({ $id: 'https://example.com/ticket', type: 'number' }, 'text')).toHaveLength(1);
});

test('a required field is not found on the prototype', () => {
  expect(validateJson({ type: 'object', required: ['constructor'] }, {})).toEqual([{ path: 'constructor', message: 'is missing' }]);
});

test('an invalid schema is an error that says so', () => {
  expect(() => validateJson({ type: 'strin' }, 1)).toThrow(AppError);
  expect(() => validateJson({ type: 'strin' }, 1)).toThrow(/JSON Schema is not valid/);
});

test('at most twenty errors are told', () => {
  expect(validateJson({ type: 'array', items: { type: 'string' } }, new Array(100).fill(1))).toHaveLength(20);
});
