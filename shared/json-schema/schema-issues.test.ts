import { expect, it } from 'vitest';
import { schemaIssues } from './schema-issues.ts';

const paths = (schema: unknown): string[] => schemaIssues([], schema).map(({ path }) => path.join('.'));

it.each<[unknown, string[]]>([
  [{ type: 'objekt' }, ['type']],
  [{ required: 'a' }, ['required']],
  [{ properties: [] }, ['properties']],
  [{ properties: { a: { type: 'strin' } }, items: { type: 'txt' } }, ['properties.a.type', 'items.type']],
  [{ enum: 5, anyOf: {} }, ['enum', 'anyOf']],
  [{ minimum: '3', maxLength: null }, ['minimum', 'maxLength']],
  [{ pattern: '(' }, ['pattern']],
  [{ pattern: 5 }, ['pattern']],
  [{ pattern: '^(?=.*[0-9]).+$' }, ['pattern']],
  [{ pattern: '(a)\\1' }, ['pattern']],
  [{ $ref: 'https://example.com/schema' }, ['$ref']],
  [{ $defs: { a: {} }, properties: { b: { $ref: '#/$defs/c' } } }, ['properties.b.$ref']],
])('reports what is wrong in %j', (schema, wrong) => {
  expect(paths(schema)).toEqual(wrong);
});

it.each([
  {},
  true,
  { type: ['string', 'null'], pattern: '^[A-Z]{2}-\\d+$', minLength: 1 },
  { $defs: { 'a/b': { type: 'string' } }, properties: { c: { $ref: '#/$defs/a~1b' }, d: { $ref: '#' } } },
  { $defs: { a: { $anchor: 'here' } }, items: { $ref: '#here' } },
  { enum: [1, 'a'], anyOf: [{ minimum: 3 }] },
])('finds nothing wrong in %j', (schema) => {
  expect(paths(schema)).toEqual([]);
});

it('rejects a schema with very many patterns', () => {
  expect(paths({ patternProperties: Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`^k${index}`, {}])) })).toEqual(['']);
});
