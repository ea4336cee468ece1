import { validateJson } from '@switchyard/shared/json-schema/validate.ts';
import { describe, expect, it } from 'vitest';
import { adoptShape, inferSchema } from './infer-schema.ts';

describe('the schema of a captured call', () => {
  it('has a field for each, required where there was a value', () => {
    expect(inferSchema({ message: 'Hi', count: 3, ok: true, none: null, customer: { tier: 'gold' } })).toEqual({
      type: 'object',
      properties: {
        message: { type: 'string' },
        count: { type: 'number' },
        ok: { type: 'boolean' },
        none: {},
        customer: { type: 'object', properties: { tier: { type: 'string' } }, required: ['tier'] },
      },
      required: ['message', 'count', 'ok', 'customer'],
    });
  });

  it('sees one schema in the items of a list, required only what all have', () => {
    expect(inferSchema([{ a: 1, b: 'x' }, { a: 2 }])).toEqual({
      type: 'array',
      items: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'string' } }, required: ['a'] },
    });
    expect(inferSchema([1, 'a'])).toEqual({ type: 'array', items: {} });
    expect(inferSchema([])).toEqual({ type: 'array', items: {} });
  });

  it('knows dates and e-mail addresses by their look', () => {
    expect(inferSchema({ at: '2026-01-05T10:00:00Z', day: '2026-01-05', mail: 'ada@example.com', text: 'write to ada@example.com' })).toMatchObject({
      properties: { at: { format: 'date-time' }, day: { format: 'date' }, mail: { format: 'email' }, text: { type: 'string' } },
    });
    expect(inferSchema(['2026-01-05', 'soon'])).toEqual({ type: 'array', items: { type: 'string' } });
  });

  it.each([[{ a: [{ b: [1, 2, null] }, {}] }], [[[], [[1]]]], ['x'], [null], [{ ['__proto__']: { x: 1 } }]])(
    'takes the call that it was made of: %j',
    (call) => {
      expect(validateJson(inferSchema(call), call)).toEqual([]);
    },
  );

  it('takes __proto__ for a field', () => {
    const schema = inferSchema(JSON.parse('{"__proto__": {"x": 1}}'));
    expect(Object.keys(schema.properties as object)).toEqual(['__proto__']);
  });

  it('ends on a call of any depth', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 1_000; level++) deep = [deep];
    expect(JSON.stringify(inferSchema(deep)).length).toBeLessThan(2_000);
  });
});

it('keeps fields that were known before a call and did not come with it, as optional ones', () => {
  const known = { type: 'object', properties: { message: { type: 'string' }, customer: { type: 'object' } }, required: ['message', 'customer'] };
  expect(adoptShape(known, { message: 'Hi', shop: 'Berlin' })).toEqual({
    type: 'object',
    properties: { message: { type: 'string' }, shop: { type: 'string' }, customer: { type: 'object' } },
    required: ['message', 'shop'],
  });
  expect(adoptShape({}, { message: 'Hi' })).toEqual(inferSchema({ message: 'Hi' }));
});
