import { samplesOf } from '@switchyard/shared/graph/samples.ts';
import { describe, expect, it } from 'vitest';
import { emptyInput, schemaOfSamples, withSample } from './samples.ts';

describe('sample inputs', () => {
  it('are read from incomplete params', () => {
    expect(samplesOf({ samples: [{ name: 'Ada', value: { a: 1 } }, { value: 2 }, 'odd'] })).toEqual([
      { name: 'Ada', value: { a: 1 } },
      { name: 'Sample 2', value: 2 },
      { name: 'Sample 3', value: undefined },
    ]);
    expect(samplesOf({ samples: 'no list' })).toEqual([]);
  });

  it('give the fields of the input, required if all have them', () => {
    const list = { type: 'array', items: { type: 'string' } };
    expect(schemaOfSamples([{ name: 'Five', value: { articles: ['one'] } }])).toEqual({
      type: 'object',
      properties: { articles: list },
      required: ['articles'],
    });
    expect(
      schemaOfSamples([
        { name: 'a', value: { b: 1, c: 'd' } },
        { name: 'e', value: { b: 2 } },
      ]),
    ).toMatchObject({ required: ['b'] });
  });

  it('get a number if their name is in use', () => {
    const once = withSample({ schema: {} }, 'Captured', 1);
    const twice = withSample(once, 'Captured', 2);
    expect(twice).toEqual({
      schema: {},
      samples: [
        { name: 'Captured', value: 1 },
        { name: 'Captured 2', value: 2 },
      ],
    });
  });

  it('can be prefilled from the schema', () => {
    const schema = {
      properties: {
        message: { type: 'string' },
        tier: { enum: ['free', 'gold'] },
        count: { type: 'integer', default: 3 },
        customer: { type: 'object', properties: { name: { type: 'string' } } },
      },
    };
    expect(emptyInput(schema)).toEqual({ message: '', tier: 'free', count: 3, customer: { name: '' } });
  });
});
