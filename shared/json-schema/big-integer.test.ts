import { expect, it } from 'vitest';
import type { JsonSchema } from '../json.ts';
import { validateJson } from './validate.ts';

const ID = '820982911946154508';

it.each<[JsonSchema, string, boolean]>([
  [{ type: 'integer' }, ID, true],
  [{ type: 'number' }, `-${ID}`, true],
  [{ type: ['integer', 'null'] }, ID, true],
  [{ type: 'string' }, ID, true],
  [{ type: 'boolean' }, ID, false],
  [{ type: 'integer' }, '9007199254740991', false],
  [{ type: 'integer' }, '42', false],
  [{ type: 'integer' }, `${ID}.5`, false],
  [{ type: 'integer', minimum: 5 }, ID, true],
  [{ type: 'integer', minimum: 5 }, `-${ID}`, false],
  [{ type: 'integer', maximum: '820982911946154508' }, ID, true],
  [{ type: 'integer', maximum: '820982911946154507' }, ID, false],
  [{ type: 'integer', exclusiveMaximum: '820982911946154508' }, ID, false],
  [{ type: 'integer', minimum: 0.5, maximum: 1e300 }, ID, true],
  [{ type: 'integer', exclusiveMinimum: 9007199254740992 }, '9007199254740993', true],
  [{ type: 'number', maximum: 1e300 }, '1'.repeat(400), false],
  [{ type: 'number', minimum: 1e300 }, '1'.repeat(400), true],
  [{ type: 'integer', multipleOf: 4 }, ID, true],
  [{ type: 'integer', multipleOf: 8 }, ID, false],
  [{ type: 'integer', multipleOf: 7 }, '7'.repeat(100_000), true],
  [{ type: ['string', 'integer'], maximum: 5 }, ID, true],
  [{ type: 'string', maximum: 5 }, ID, true],
  [{ maximum: 5 }, ID, true],
])('%j accepts the digits %s: %s', (schema, digits, fits) => {
  expect(validateJson(schema, digits).length === 0).toBe(fits);
});
