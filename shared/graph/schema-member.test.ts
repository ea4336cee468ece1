import { expect, it } from 'vitest';
import type { JsonSchema } from '../json.ts';
import { Meter } from '../json-schema/meter.ts';
import { memberOf } from './schema-member.ts';

const lookUp = (schema: JsonSchema, name: string) => memberOf(schema, name, { root: schema, meter: new Meter() });

const doubled = (keyword: string): JsonSchema => ({
  $ref: '#/$defs/d0',
  $defs: Object.fromEntries([
    ...Array.from({ length: 60 }, (_, level) => [`d${level}`, { [keyword]: [{ $ref: `#/$defs/d${level + 1}` }, { $ref: `#/$defs/d${level + 1}` }] }] as const),
    ['d60', { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false }],
  ]),
});

it.each(['allOf', 'anyOf', 'oneOf'])('looks into a schema once, though 60 levels of %s refer to it twice each', (keyword) => {
  const schema = doubled(keyword);
  expect(lookUp(schema, 'a').kind).toBe('known');
  expect(lookUp(schema, 'b')).toEqual({ kind: 'unknown', closed: true, names: ['a'] });
});

it.each<JsonSchema>([{ anyOf: [{ $ref: '#' }] }, { allOf: [{ $ref: '#' }] }, { $ref: '#' }, { $ref: '#/$defs/%' }])(
  'learns nothing about a member from %j',
  (schema) => {
    expect(lookUp(schema, 'a')).toEqual({ kind: 'open' });
  },
);
