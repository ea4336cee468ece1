import type { JsonSchema } from '@switchyard/shared/json.ts';
import { schemaIssues } from '@switchyard/shared/json-schema/schema-issues.ts';
import { validateJson } from '@switchyard/shared/json-schema/validate.ts';
import { describe, expect, it } from 'vitest';
import { type Admission, admit } from './admit.ts';
import { inferSchema } from './infer-schema.ts';
import { widenSchema } from './widen-schema.ts';

describe('a schema from samples', () => {
  it('has a field for each, all optional', () => {
    expect(inferSchema([{ message: 'Hi', count: 3, ok: true, none: null, customer: { tier: 'gold' } }])).toEqual({
      type: 'object',
      properties: {
        message: { type: 'string' },
        count: { type: 'number' },
        ok: { type: 'boolean' },
        none: {},
        customer: { type: 'object', properties: { tier: { type: 'string' } } },
      },
    });
  });

  it('requires what several samples share only on request', () => {
    const samples = [
      { a: 1, b: 'x', c: null },
      { a: 2, c: 'y' },
    ];
    expect(inferSchema(samples)).toEqual({ type: 'object', properties: { a: { type: 'number' }, b: { type: 'string' }, c: { type: ['string', 'null'] } } });
    expect(inferSchema(samples, { requireShared: true })).toMatchObject({ required: ['a'] });
    expect(inferSchema(samples.slice(0, 1), { requireShared: true })).not.toHaveProperty('required');
  });

  it('joins the types of one place', () => {
    expect(inferSchema([[1, 'a', null]])).toEqual({ type: 'array', items: { type: ['number', 'string', 'null'] } });
    expect(inferSchema([[1, { a: 1 }]])).toEqual({ type: 'array', items: {} });
    expect(inferSchema([[]])).toEqual({ type: 'array', items: {} });
  });

  it('names a format only for texts that the validator accepts', () => {
    const sample = { at: '2026-01-05T10:00:00Z', day: '2026-01-05', mail: 'ada@example.com' };
    expect(inferSchema([sample])).toMatchObject({ properties: { at: { format: 'date-time' }, day: { format: 'date' }, mail: { format: 'email' } } });
    const others = ['git@github.com:a/b.git', 'mailto:b@x.io', '2026-02-30', '2026-01-05T10:00Z', 'a@b', 'Ann <ann@example.com>', '2026-13-01', ''];
    for (const text of others) expect(inferSchema([text]), text).toEqual({ type: 'string' });
    expect(inferSchema([['2026-01-05', 'soon']])).toEqual({ type: 'array', items: { type: 'string' } });
  });

  it('treats __proto__ as a field', () => {
    expect(Object.keys(inferSchema([JSON.parse('{"__proto__": {"x": 1}}')]).properties as object)).toEqual(['__proto__']);
  });

  it('has a bounded size for samples of any size and depth', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 1_000; level++) deep = [deep];
    const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`f${index}`, { a: index }]));
    const many = Object.fromEntries(
      Array.from({ length: 150 }, (_, index) => [`f${index}`, Object.fromEntries([...'abcdefghijklmnop'].map((name) => [name, 1]))]),
    );
    for (const sample of [deep, wide, many]) expect(JSON.stringify(inferSchema([sample])).length).toBeLessThan(60_000);
    expect(inferSchema([wide])).toEqual({ type: 'object' });
  });
});

describe('another sample', () => {
  const known = { type: 'object', properties: { message: { type: 'string' }, customer: { type: 'object' } }, required: ['message', 'customer'] };

  it('adds its fields, and makes those it lacks optional', () => {
    expect(widenSchema(known, [{ message: 'Hi', shop: 'Berlin' }])).toEqual({
      type: 'object',
      properties: { message: { type: 'string' }, customer: { type: 'object' }, shop: { type: 'string' } },
      required: ['message'],
    });
    expect(widenSchema({}, [{ message: 'Hi' }])).toEqual(inferSchema([{ message: 'Hi' }]));
  });

  it.each<[JsonSchema, unknown, JsonSchema]>([
    [{ type: 'integer', minimum: 0 }, 1.5, { type: 'number', minimum: 0 }],
    [{ type: 'string', format: 'email', description: 'Sender' }, 'unknown', { type: 'string', description: 'Sender' }],
    [{ type: 'string', enum: ['a'] }, null, { type: ['string', 'null'] }],
    [{ type: 'string', maxLength: 5, minLength: 1 }, 'longer', { type: 'string', minLength: 1 }],
    [{ type: 'array', items: { type: 'string' } }, ['a', 1], { type: 'array', items: { type: ['string', 'number'] } }],
    [{ type: 'array', items: { type: 'string' }, maxItems: 1 }, ['a', 'b'], { type: 'array', items: { type: 'string' } }],
    [{ $ref: '#/$defs/a', $defs: { a: { type: 'string' } } }, 5, { $defs: { a: { type: 'string' } }, type: 'number' }],
  ])('turns %j and %j into %j', (before, value, after) => {
    const wrap = (one: JsonSchema): JsonSchema => ({ type: 'object', properties: { x: one }, additionalProperties: false });
    if (before.$ref === undefined) expect(widenSchema(wrap(before), [{ x: value }])).toEqual(wrap(after));
    expect(validateJson(widenSchema(before, [value]), value)).toEqual([]);
  });
});

/** Texts and values that occur in events of services, and some that look similar. */
const LEAVES: readonly unknown[] = [
  'git@github.com:a/b.git',
  'mailto:b@x.io',
  '2026-02-30',
  '2026-01-05T10:00Z',
  '2026-01-05 10:00:00Z',
  '9999-12-31T23:59:59-05:00',
  '0000-01-01',
  '2026-06-30T23:59:60Z',
  '2026-01-05T10:00:00+0100',
  ' ada@example.com ',
  'ADA@EXAMPLE.COM',
  ' 2026-01-05 ',
  'a@b.c',
  '820982911946154508',
  820982911946,
  'true',
  '42',
  '',
  ' ',
  'en_US',
  '😀',
  0,
  -1.5,
  1e300,
  true,
  null,
];
const NAMES = ['id', 'email', 'language', 'created_at', '__proto__', 'constructor', 'a.b', ''];

function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function sampleOf(random: (below: number) => number, depth: number): unknown {
  const kind = random(4);
  if (depth === 0 || kind < 2) return LEAVES[random(LEAVES.length)];
  const parts = Array.from({ length: random(4) }, () => sampleOf(random, depth - 1));
  return kind === 2 ? parts : Object.fromEntries(parts.map((part) => [NAMES[random(NAMES.length)], part]));
}

it('a schema accepts every sample it was inferred from, as an input does', () => {
  const random = seeded(7);
  const options: Omit<Admission, 'schema'> = { unknownFields: 'refuse', coerce: true, trim: true, dates: true, lowerCase: true };
  const plain = { ...options, coerce: false, trim: false, dates: false, lowerCase: false };
  for (let count = 0; count < 1_500; count++) {
    const samples = Array.from({ length: 1 + random(3) }, () => sampleOf(random, 3));
    const inferred = inferSchema(samples, { requireShared: random(2) === 0 });
    const [first, ...others] = samples;
    const last = others[0] ?? first;
    const one = widenSchema(inferSchema([first]), [last]);
    for (const schema of [inferred, one]) expect(schemaIssues([], schema)).toEqual([]);
    for (const sample of samples) {
      for (const each of [options, plain])
        expect({ inferred, sample, ...admit({ ...each, schema: inferred }, sample, validateJson) }).toMatchObject({ ok: true });
    }
    expect({ one, first, last, ...admit({ ...options, schema: one }, last, validateJson) }).toMatchObject({ ok: true });
    // The schema of a single null says nothing yet.
    if (first !== null) expect({ one, first, last, ...admit({ ...options, schema: one }, first, validateJson) }).toMatchObject({ ok: true });
  }
});
