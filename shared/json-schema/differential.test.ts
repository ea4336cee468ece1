import { Ajv2020 } from 'ajv/dist/2020.js';
import formatsPlugin from 'ajv-formats';
import { expect, test } from 'vitest';
import type { JsonSchema } from '../json.ts';
import { schemaIssues } from './schema-issues.ts';
import { validateJson } from './validate.ts';

/*
 * Compares the validator with Ajv, on random schemas and values from a seed. Without `unevaluated…`, where Ajv counts fields of
 * alternatives that don't match (see unevaluated.test.ts), and without fields named `toString` or `__proto__`, which Ajv handles
 * incorrectly.
 */

type Random = (below: number) => number;

function seeded(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const NAMES = ['a', 'b', 'x-c', 'constructor', 'length'];
const TEXTS = ['', 'a', 'abc', 'x-1', '2026-01-31', '2026-02-30', 'ana@example.com', 'git@github.com:a/b.git', 'https://example.com/a', '😀'];
const oneOf = <T>(random: Random, from: readonly T[]): T => from[random(from.length)] as T;
const some = <T>(random: Random, make: () => T): T[] => Array.from({ length: 1 + random(3) }, make);
const object = (entries: readonly (readonly [string, unknown])[]): Record<string, unknown> => Object.fromEntries(entries);

function value(random: Random, depth: number): unknown {
  const kind = random(depth > 0 ? 9 : 6);
  if (kind === 0) return null;
  if (kind === 1) return random(2) === 0;
  if (kind === 2) return random(7) - 3;
  if (kind === 3) return (random(60) - 30) / 8;
  if (kind <= 5) return oneOf(random, TEXTS);
  if (kind === 6) return some(random, () => value(random, depth - 1));
  return object(some(random, () => [oneOf(random, NAMES), value(random, depth - 1)] as const));
}

type Maker = (random: Random, depth: number) => JsonSchema;
const schemaMap = (random: Random, depth: number, names: readonly string[]) =>
  object(some(random, () => [oneOf(random, names), schema(random, depth)] as const));
const schemas = (random: Random, depth: number) => some(random, () => schema(random, depth));
const fieldNames = (random: Random) => [...new Set(some(random, () => oneOf(random, NAMES)))];

const SIMPLE: readonly Maker[] = [
  (random) => ({ type: oneOf(random, ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']) }),
  (random) => ({ type: ['string', 'object', 'array'].slice(random(3)) }),
  (random) => ({ minimum: random(5) - 2, exclusiveMaximum: random(6) }),
  (random) => ({ multipleOf: oneOf(random, [1, 2, 0.5]) }),
  (random) => ({ minLength: random(4), maxLength: 1 + random(6) }),
  (random) => ({ pattern: oneOf(random, ['^a', 'b', '^[a-z]{1,3}$', '\\d']) }),
  (random) => ({ format: oneOf(random, ['date', 'email', 'uri']) }),
  (random) => ({ enum: some(random, () => value(random, 1)) }),
  (random) => ({ const: value(random, 1) }),
  (random) => ({ required: fieldNames(random), minProperties: random(3) }),
  (random) => ({ minItems: random(3), maxItems: 1 + random(3), uniqueItems: random(2) === 0 }),
  (random) => ({ dependentRequired: object([[oneOf(random, NAMES), fieldNames(random)]]) }),
  (random) => ({ $ref: oneOf(random, ['#/$defs/one', '#/$defs/two', '#two']) }),
];
const NESTED: readonly Maker[] = [
  (random, depth) => ({
    properties: schemaMap(random, depth, NAMES),
  }),
  (random, depth) => ({ patternProperties: schemaMap(random, depth, ['^x-', 'a|b']), additionalProperties: random(2) === 0 ? false : schema(random, depth) }),
  (random, depth) => ({ propertyNames: schema(random, depth) }),
  (random, depth) => ({ items: schema(random, depth), prefixItems: schemas(random, depth) }),
  (random, depth) => ({ contains: schema(random, depth), ...(random(2) === 0 && { minContains: random(2), maxContains: 2 }) }),
  (random, depth) => ({ allOf: schemas(random, depth) }),
  (random, depth) => ({ anyOf: schemas(random, depth) }),
  (random, depth) => ({ oneOf: schemas(random, depth) }),
  (random, depth) => ({ not: schema(random, depth) }),
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  (random, depth) => ({ if: schema(random, depth), then: schema(random, depth), else: schema(random, depth) }),
  (random, depth) => ({ dependentSchemas: schemaMap(random, depth, ['a', 'b']) }),
];

function schema(random: Random, depth: number): JsonSchema {
  const parts = some(random, () => (depth > 0 && random(2) === 0 ? oneOf(random, NESTED)(random, depth - 1) : oneOf(random, SIMPLE)(random, depth)));
  return Object.assign({}, ...parts);
}

function wholeSchema(random: Random): JsonSchema {
  const [one, two] = [oneOf(random, SIMPLE.slice(0, -1))(random, 0), oneOf(random, SIMPLE.slice(0, -1))(random, 0)];
  return { ...schema(random, 3), $defs: { one, two: { ...two, $anchor: 'two' } } };
}

const SCHEMAS = Number(process.env.SCHEMA_SEEDS ?? 100);
const VALUES_EACH = 12;

test('random schemas accept the same values as Ajv', () => {
  const random = seeded(20_260_131);
  const ajv = new Ajv2020({ strict: false, ownProperties: true, logger: false, validateSchema: false, addUsedSchema: false });
  formatsPlugin.default(ajv);
  let [fitting, misfitting] = [0, 0];
  for (let count = 0; count < SCHEMAS; count++) {
    const of = wholeSchema(random);
    const expected = ajv.compile(of);
    expect(schemaIssues([], of)).toEqual([]);
    for (let each = 0; each < VALUES_EACH; each++) {
      const data = value(random, 3);
      const fits = validateJson(of, data).length === 0;
      if (fits !== expected(data)) expect.fail(`${JSON.stringify(of)}\n${JSON.stringify(data)}\naccepted here: ${fits}`);
      fits ? fitting++ : misfitting++;
    }
  }
  // Both outcomes must be common, or the comparison proves little.
  expect(Math.min(fitting, misfitting)).toBeGreaterThan((SCHEMAS * VALUES_EACH) / 10);
});
