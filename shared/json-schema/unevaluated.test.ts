import { expect, it } from 'vitest';
import type { JsonSchema } from '../json.ts';
import { validateJson } from './validate.ts';

const a = { properties: { a: { type: 'string' } } };
const b = { properties: { b: { type: 'string' } }, required: ['b'] };
// biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
const conditional = { if: b, then: { properties: { c: {} } }, else: { properties: { d: {} } } };
const closed = (schema: JsonSchema): JsonSchema => ({ ...schema, unevaluatedProperties: false });

it.each<[JsonSchema, unknown, string[]]>([
  [closed(a), { a: 'x' }, []],
  [closed(a), { a: 'x', z: 1 }, ['z']],
  [closed({ allOf: [a, b] }), { a: 'x', b: 'x' }, []],
  [closed({ $ref: '#/$defs/a', $defs: { a } }), { a: 'x', z: 1 }, ['z']],
  [closed({ anyOf: [a, b] }), { a: 'x', b: 'x' }, []],
  // Only fields of matching alternatives count.
  [closed({ anyOf: [a, b] }), { a: 'x', b: 1 }, ['b']],
  [closed({ oneOf: [b, { properties: { z: {} }, required: ['z'] }] }), { z: 1, b: 1 }, ['b']],
  [closed(conditional), { b: 'x', c: 1 }, []],
  [closed(conditional), { d: 1 }, []],
  [closed(conditional), { c: 1 }, ['c']],
  [closed({ dependentSchemas: { z: a }, properties: { z: {} } }), { z: 1, a: 'x' }, []],
  [closed({ dependentSchemas: { z: a } }), { a: 'x' }, ['a']],
  [closed({ patternProperties: { '^x-': {} } }), { 'x-1': 1, z: 1 }, ['z']],
  [closed({ additionalProperties: true }), { z: 1 }, []],
  [closed({ allOf: [closed(a)] }), { a: 'x' }, []],
  [{ ...a, unevaluatedProperties: { type: 'number' } }, { a: 'x', y: 1, z: 'x' }, ['z']],
  [closed({}), { __proto__x: 1, constructor: 1 }, ['__proto__x', 'constructor']],
  [{ prefixItems: [{}], unevaluatedItems: false }, [1, 2], ['1']],
  [{ contains: { type: 'string' }, unevaluatedItems: false }, ['a', 1], ['1']],
  [{ allOf: [{ items: {} }], unevaluatedItems: false }, [1, 2], []],
  [{ anyOf: [{ prefixItems: [{ type: 'string' }] }, {}], unevaluatedItems: { type: 'boolean' } }, [1, true], ['0']],
])('%j with %j leaves %j', (schema, value, left) => {
  expect(validateJson(schema, value).map(({ path }) => path)).toEqual(left);
});
