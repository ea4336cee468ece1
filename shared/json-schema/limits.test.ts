import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../json.ts';
import { schemaIssues } from './schema-issues.ts';
import { validateJson } from './validate.ts';

/*
 * Schemas and values crafted to take forever. Each of them once blocked or crashed the server. The test's time limit is the only clock
 * here.
 */

const doubled = (keyword: string, levels: number): JsonSchema => ({
  $ref: '#/$defs/d0',
  $defs: Object.fromEntries([
    ...Array.from({ length: levels }, (_, level) => {
      const next = { $ref: `#/$defs/d${level + 1}` };
      return [`d${level}`, { [keyword]: [next, next] }] as const;
    }),
    [`d${levels}`, { type: 'string' }],
  ]),
});

/** A tree of alternatives that refers to itself from its fields. */
const tree = {
  anyOf: [
    { type: 'string' },
    { type: 'object', properties: { a: { $ref: '#' } }, required: ['a', 'b'] },
    { type: 'object', properties: { a: { $ref: '#' } }, required: ['a', 'c'] },
  ],
};

function nested(levels: number, leaf: unknown): unknown {
  let value = leaf;
  for (let level = 0; level < levels; level++) value = { b: 1, c: 1, a: value };
  return value;
}

const TOO_LARGE = [{ path: '', message: 'is too large or too nested to check against its schema' }];

describe('a schema is rejected with the place of the problem if', () => {
  it.each(['allOf', 'anyOf', 'oneOf'])('40 levels of %s double the work each', (keyword) => {
    expect(schemaIssues(['schema'], doubled(keyword, 40))).toMatchObject([{ path: ['schema', '$defs', expect.any(String)], message: /Too many schemas/ }]);
    expect(schemaIssues([], doubled(keyword, 5))).toEqual([]);
  });

  const chain = (length: number) => ({
    $ref: '#/$defs/d0',
    $defs: Object.fromEntries([...Array.from({ length }, (_, index) => [`d${index}`, { $ref: `#/$defs/d${index + 1}` }]), [`d${length}`, {}]]),
  });
  const deep = () => {
    let schema: JsonSchema = {};
    for (let level = 0; level < 3_000; level++) schema = { not: schema };
    return schema;
  };
  it.each<[string, JsonSchema, RegExp]>([
    ['it is a long chain of references', chain(4_000), /Too many schemas/],
    ['it nests thousands of levels', deep(), /can nest at most/],
    ['it has too many parts', { properties: Object.fromEntries(Array.from({ length: 9_000 }, (_, index) => [`p${index}`, {}])) }, /at most 5000 parts/],
    ['its patterns are too long', { allOf: Array.from({ length: 60 }, (_, index) => ({ pattern: `(a?){300}${index}` })) }, /too long/],
    ['it includes itself', { $ref: '#/$defs/a', $defs: { a: { anyOf: [{ type: 'string' }, { $ref: '#/$defs/a' }] } } }, /endlessly/],
    ['it requests asynchronous validation', { properties: { a: { $async: true } } }, /“\$async” is not supported/],
    ['a reference is malformed', { $ref: '#/$defs/%' }, /Reference “#\/\$defs\/%” not found/],
    ['a reference is not text', { items: { $ref: { a: 1 } } }, /not found/],
    ['a reference points to no schema', { $ref: '#/enum', enum: [1] }, /not found/],
    ['a reference leaves the schema', { $ref: 'https://example.com/schema' }, /not found/],
    ['a reference is dynamic', { $dynamicRef: '#a' }, /“\$dynamicRef” is not supported/],
    ['a part has its own $id', { properties: { a: { $id: 'https://example.com/a' } } }, /“\$id” is not supported/],
    ['two parts have the same anchor', { allOf: [{ $anchor: 'a' }, { $anchor: 'a' }] }, /anchor “a”/],
    ['a part reached only by a reference is invalid', { $ref: '#/examples/0', examples: [{ type: 'strin' }] }, /is not a type/],
  ])('%s', (_reason, schema, message) => {
    expect(schemaIssues([], schema)).toContainEqual(expect.objectContaining({ message: expect.stringMatching(message) }));
    expect(() => validateJson(schema, {})).toThrow(/Invalid JSON Schema/);
  });
});

describe('the work of a validation is bounded if', () => {
  it('recursive alternatives double the work with each level of the value', () => {
    expect(validateJson(tree, nested(4, 'x'))).toEqual([]);
    expect(validateJson(tree, nested(90, 1))).toEqual(TOO_LARGE);
  });

  it.each(['anyOf', 'oneOf'])('no alternative of a recursive %s matches on any level', (keyword) => {
    const schema = {
      $ref: '#/$defs/n',
      $defs: { n: { [keyword]: ['x', 'y', 'z'].map((name) => ({ properties: { a: { $ref: '#/$defs/n' } }, required: [name] })) } },
    };
    // It stays far below the limit, because only the outermost alternatives are explained.
    const errors = validateJson(schema, nested(90, 1));
    expect(errors).toHaveLength(20);
    expect(errors[0]).toEqual({ path: '', message: 'must match one of the alternatives' });
  });

  it('a long text is checked against a pattern with many steps', () => {
    expect(validateJson({ pattern: '(a?){100}[bc]$' }, 'a'.repeat(1_000_000))).toEqual(TOO_LARGE);
    expect(validateJson({ pattern: '(a?){100}[bc]$' }, 'aab')).toEqual([]);
    expect(validateJson({ propertyNames: { pattern: '(a?){100}[bc]$' } }, { ['a'.repeat(1_000_000)]: 1 })).toEqual(TOO_LARGE);
    expect(validateJson({ patternProperties: { '(a?){100}[bc]$': false } }, { ['a'.repeat(1_000_000)]: 1 })).toEqual(TOO_LARGE);
  });

  it('unevaluated fields are searched in a value with very many', () => {
    const value = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`p${index}`, index]));
    const anyOf = Array.from({ length: 500 }, () => ({ minProperties: 1 }));
    expect(validateJson({ anyOf, unevaluatedProperties: true }, value)).toEqual(TOO_LARGE);
  });

  it.each([
    ['url', `http://${'a:'.repeat(100_000)}`],
    ['uri', `http://${'a:'.repeat(100_000)}`],
    ['uri-reference', '/a'.repeat(100_000)],
    ['uri-template', '{a'.repeat(100_000)],
    ['email', `a@${'a.'.repeat(100_000)}`],
    ['email', `a@${'a-'.repeat(150)}!`],
    ['hostname', 'a-'.repeat(100_000)],
    ['date', '2026-01-31'.repeat(20_000)],
    ['date-time', `2026-01-31T09:00:00.${'0'.repeat(200_000)}Z`],
    ['time', `09:00:00.${'0'.repeat(200_000)}!`],
    ['duration', `P${'1'.repeat(200_000)}`],
    ['ipv4', '1.'.repeat(100_000)],
    ['ipv6', ':'.repeat(200_000)],
    ['uuid', '0'.repeat(200_000)],
    ['regex', '('.repeat(200_000)],
    ['json-pointer', '~'.repeat(200_000)],
    ['relative-json-pointer', '1'.repeat(200_000)],
    ['byte', '!'.repeat(200_000)],
  ])('a long text is checked for the format %s', (format, text) => {
    expect(validateJson({ format }, text)).toHaveLength(1);
  });
});

describe('ordinary work is accepted when', () => {
  it.each<[string, JsonSchema, unknown]>([
    ['a list has 400,000 numbers', { items: { type: 'integer', minimum: 0 } }, new Array(400_000).fill(1)],
    ['a list has 60,000 codes', { items: { type: 'string', pattern: '^[A-Z]{2}\\d{4}$' } }, new Array(60_000).fill('AB1234')],
    ['a list has 40,000 addresses', { items: { type: 'string', pattern: '^\\S+@\\S+\\.\\S+$' } }, new Array(40_000).fill('someone@example.com')],
    ['a text of 1 MB has a length limit', { type: 'string', minLength: 1, maxLength: 2_000_000 }, 'ä'.repeat(1_000_000)],
    ['a list has 60,000 different objects', { uniqueItems: true }, Array.from({ length: 60_000 }, (_, id) => ({ id }))],
  ])('%s', (_case, schema, value) => {
    expect(validateJson(schema, value)).toEqual([]);
  });
});

describe('errors are capped when', () => {
  const empty = new Array(200_000).fill({});
  it.each<[string, JsonSchema, unknown]>([
    ['200,000 objects miss 10 fields each', { items: { required: [...'abcdefghij'] } }, empty],
    ['each of them matches no alternative', { items: { anyOf: [{ required: [...'abcdefghij'] }, { required: ['k'] }] } }, empty],
    ['an enum has 20,000 values', { items: { enum: Array.from({ length: 20_000 }, (_, index) => `value ${index}`) } }, new Array(200_000).fill('x')],
    ['names and values are long', { additionalProperties: { const: 'x'.repeat(100_000) } }, { ['n'.repeat(500_000)]: 1 }],
    ['very many fields are not allowed', { additionalProperties: false }, Object.fromEntries(empty.map((_, index) => [`p${index}`, 1]))],
  ])('%s', (_case, schema, value) => {
    const errors = validateJson(schema, value);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.length).toBeLessThanOrEqual(20);
    expect(JSON.stringify(errors).length).toBeLessThan(10_000);
  });
});
