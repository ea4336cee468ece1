import { describe, expect, it } from 'vitest';
import { outputFields } from './output-fields.ts';

describe('output fields', () => {
  it('are listed as expressions read them, with a readable type', () => {
    const schema = {
      type: 'object',
      properties: {
        label: { enum: ['a', 'b'] },
        value: { type: 'object', properties: { title: { type: ['string', 'null'] }, 'odd-name': { type: 'integer' } } },
        any: {},
      },
    };
    expect(outputFields(schema, 'steps.x')).toEqual([
      { path: 'steps.x.label', type: 'one of a, b' },
      { path: 'steps.x.value.title', type: 'text or nothing' },
      { path: 'steps.x.value["odd-name"]', type: 'whole number' },
      { path: 'steps.x.any', type: 'any value' },
    ]);
  });

  it('name the whole output if its fields are unknown', () => {
    expect(outputFields({}, 'steps.merge')).toEqual([{ path: 'steps.merge', type: 'any value' }]);
  });

  it('are limited in number, and so are their values', () => {
    const many = (inner: object) => Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`f${index}`, inner]));
    const values = Array.from({ length: 20_000 }, (_, index) => `v${index}`);
    const fields = outputFields({ properties: many({ properties: many({ enum: values }) }) }, 'steps.x');
    expect(fields).toHaveLength(100);
    expect(fields[0]?.type).toBe('one of v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, …');
  });
});
