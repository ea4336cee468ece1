import { validateJson } from '@switchyard/shared/json-schema/validate.ts';
import { describe, expect, it } from 'vitest';
import { type Admission, admit } from './admit.ts';

const schema = {
  type: 'object',
  properties: {
    message: { type: 'string', minLength: 1 },
    count: { type: 'integer' },
    ok: { type: 'boolean' },
    tags: { type: 'array', items: { type: 'string' } },
    email: { type: 'string', format: 'email' },
    at: { type: 'string', format: 'date-time' },
    day: { type: 'string', format: 'date' },
    lang: { type: 'string' },
    channel: { type: 'string', default: 'web' },
    customer: { $ref: '#/$defs/customer' },
  },
  required: ['message'],
  $defs: { customer: { type: 'object', properties: { locale: { type: 'string', 'x-format': 'language' }, age: { type: ['number', 'null'] } } } },
};
const all: Admission = { schema, unknownFields: 'keep', coerce: true, trim: true, dates: true, lowerCase: true };
const admitted = (body: unknown, admission: Partial<Admission> = {}) => {
  const answer = admit({ ...all, ...admission }, body, validateJson);
  return answer.ok ? answer.value : answer.errors;
};

describe('admitting an input', () => {
  it('normalizes what the schema describes', () => {
    const body = {
      message: '  Hi ',
      count: ' 3 ',
      ok: 'True',
      tags: 'a',
      email: ' Ada@Example.COM',
      at: '2026-01-05T10:00:00+02:00',
      lang: 'de_DE',
      customer: { locale: 'EN-gb', age: '41' },
    };
    expect(admitted(body)).toEqual({
      message: 'Hi',
      count: 3,
      ok: true,
      tags: ['a'],
      email: 'ada@example.com',
      at: '2026-01-05T08:00:00.000Z',
      lang: 'de-de',
      channel: 'web',
      customer: { locale: 'en-gb', age: 41 },
    });
  });

  it('changes nothing more the second time', () => {
    const once = admitted({ message: ' a ', at: '2026-01-05 10:00', day: '2026-01-05T23:00:00-03:00', tags: ' x', lang: 'PT_br' });
    expect(admitted(once)).toEqual(once);
    expect(once).toMatchObject({ at: '2026-01-05T10:00:00.000Z', day: '2026-01-06' });
  });

  it('leaves unchanged what is turned off, and what the schema doesn’t describe', () => {
    const body = { message: ' a ', count: 3, other: '  x ', email: 'ADA@example.com', at: '2026-01-05T10:00:00+02:00' };
    const untouched = { coerce: false, trim: false, dates: false, lowerCase: false };
    expect(admitted(body, untouched)).toEqual({ ...body, channel: 'web' });
    expect(admitted(body)).toMatchObject({ other: '  x ' });
    expect(admitted({ message: 'a', count: '3' }, untouched)).toEqual([{ path: 'count', message: 'must be a whole number' }]);
  });

  it('names the path of each mismatch', () => {
    const errors = admitted({ message: ' ', count: '3.5', tags: [1], email: 'Ada', at: '2026-02-31' });
    expect((errors as { path: string }[]).map(({ path }) => path).sort()).toEqual(['at', 'count', 'email', 'message', 'tags.0']);
    expect(admitted({})).toMatchObject([{ path: 'message' }]);
    expect(admitted('text')).toMatchObject([{ path: '' }]);
  });

  it.each(['', 'x', '0x10', '1e999', 'Infinity', 'NaN', '3,5'])('does not convert %j to a number', (count) => {
    expect(admitted({ message: 'a', count })).toMatchObject([{ path: 'count' }]);
  });

  it('rejects unknown fields at each level if set to', () => {
    const body = { message: 'a', mesage: 'b', customer: { locale: 'en', tier: 'x' } };
    expect(admitted(body)).toMatchObject(body);
    const refused = admitted(body, { unknownFields: 'refuse' }) as { path: string }[];
    expect(refused.map(({ path }) => path)).toEqual(['mesage', 'customer.tier']);
  });

  it('reports an unknown field only once', () => {
    const closed = { schema: { ...schema, additionalProperties: false }, unknownFields: 'refuse' as const };
    expect(admitted({ message: 'a', other: 1 }, closed)).toHaveLength(1);
  });

  it('checks the parts of a schema, and accepts what they leave open', () => {
    const parts = { allOf: [{ properties: { a: { type: 'number' } } }, { properties: { b: { type: 'object', properties: {}, additionalProperties: true } } }] };
    expect(admitted({ a: '1', b: { c: 1 } }, { schema: parts, unknownFields: 'refuse' })).toEqual({ a: 1, b: { c: 1 } });
    expect(admitted({ d: 1 }, { schema: parts, unknownFields: 'refuse' })).toMatchObject([{ path: 'd' }]);
  });

  it('ends for a schema that includes itself', () => {
    const itself = { $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' }, name: { type: 'string' } } } }, $ref: '#/$defs/node' };
    expect(admitted({ name: ' a ', next: { name: ' b ' } }, { schema: itself })).toEqual({ name: 'a', next: { name: 'b' } });
    const endless = { ...all, schema: { allOf: [{ $ref: '#' }] } };
    expect(admit(endless, { a: 1 }, () => [])).toEqual({ ok: true, value: { a: 1 } });
    const wide = Array.from({ length: 60 }, () => ({ $ref: '#' }));
    const widely = { ...all, unknownFields: 'refuse' as const, schema: { properties: { a: { type: 'number' } }, anyOf: wide, allOf: wide } };
    expect(admit(widely, { a: '1', b: 2 }, () => [])).toMatchObject({ ok: false, errors: [{ path: 'b' }] });
  });

  it('treats __proto__ and constructor as data', () => {
    const body = JSON.parse('{"message": "a", "__proto__": {"polluted": true}, "constructor": {"prototype": 1}}');
    const value = admitted(body) as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['message', '__proto__', 'constructor', 'channel']);
    expect(value.polluted).toBeUndefined();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(admitted(body, { unknownFields: 'refuse' })).toMatchObject([{ path: '__proto__' }, { path: 'constructor' }]);
  });

  it('fills in a new copy of a default for each input', () => {
    const withList = { schema: { type: 'object', properties: { list: { type: 'array', default: [] } } } };
    const one = admitted({}, withList) as { list: unknown[] };
    one.list.push(1);
    expect(admitted({}, withList)).toEqual({ list: [] });
  });
});

describe('admitting an input is bounded', () => {
  const open: Admission = { ...all, schema: {} };
  const twice = { properties: { a: { $ref: '#' } } };
  const nested = (levels: number): unknown => {
    let value: unknown = ' x ';
    for (let level = 0; level < levels; level++) value = { a: value };
    return value;
  };
  const tooLarge = { ok: false, errors: [{ path: '', message: 'is too large or too nested to check against its schema' }] };

  it('if two parts of a schema describe the same field on every level', () => {
    expect(admit({ ...open, schema: { allOf: [twice, { ...twice }] } }, nested(90), validateJson)).toEqual(tooLarge);
    expect(admit({ ...open, schema: { allOf: [twice, { ...twice }] } }, nested(5), validateJson)).toMatchObject({ ok: true });
  });

  it.each([1, 'hello', {}])('if a list of itself is given %j', (body) => {
    const itself = { $ref: '#/$defs/l', $defs: { l: { type: 'array', items: { $ref: '#/$defs/l' } } } };
    const each = { $ref: '#/$defs/a', $defs: { a: { type: 'array', items: { $ref: '#/$defs/b' } }, b: { type: 'array', items: { $ref: '#/$defs/a' } } } };
    for (const schema of [itself, each])
      expect(admit({ ...open, schema }, body, validateJson)).toMatchObject({ ok: false, errors: [{ message: expect.stringContaining('list') }] });
  });

  it('if a large default would be filled in very often', () => {
    const items = { type: 'object', properties: { a: { default: 'x'.repeat(10_000) } } };
    expect(admit({ ...open, schema: { type: 'array', items } }, new Array(100_000).fill({}), validateJson)).toEqual(tooLarge);
  });

  it('if very many fields are unknown', () => {
    const body = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`f${index}`, 1]));
    const admitted = admit({ ...open, schema: { properties: { a: {} } }, unknownFields: 'refuse' }, body, validateJson);
    expect(admitted.ok || admitted.errors.length).toBe(20);
  });
});

it('keeps the digits of an integer beyond 2^53 given as text', () => {
  const schema = { type: 'object', properties: { id: { type: 'integer' } } };
  expect(admit({ ...all, schema }, { id: ' +820982911946154508 ' }, validateJson)).toEqual({ ok: true, value: { id: '820982911946154508' } });
  expect(admit({ ...all, schema }, { id: '42' }, validateJson)).toEqual({ ok: true, value: { id: 42 } });
});

it('without copying a body that needs no changes', () => {
  const body = { a: 'x', list: [{ b: 1 }], other: { c: 2 } };
  const schema = { properties: { a: { type: 'string' }, list: { items: { properties: { b: { type: 'number' } } } }, other: { type: 'object' } } };
  const admitted = admit({ ...all, schema }, body, validateJson);
  expect(admitted.ok && admitted.value).toBe(body);
});
