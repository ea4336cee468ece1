import { describe, expect, it } from 'vitest';
import { runNode } from '../sdk/run-node.fixture.ts';
import { input } from './input.ts';

const schema = { type: 'object', properties: { message: { type: 'string' }, count: { type: 'number' } }, required: ['message'] };

describe('input', () => {
  it('outputs the normalized body', async () => {
    const { result } = await runNode(input, { schema }, { body: { message: ' Hi ', count: '2', other: 1 } });
    expect(result).toEqual({ kind: 'done', output: { message: 'Hi', count: 2, other: 1 } });
  });

  it('keeps the digits of an integer beyond 2^53 where a number is expected (S79)', async () => {
    const { result } = await runNode(input, { schema }, { body: { message: 'Hi', count: ' 820982911946154508 ' } });
    expect(result).toMatchObject({ output: { count: '820982911946154508' } });
  });

  it('fails with the path of each mismatch', async () => {
    const failed = runNode(input, { schema, unknownFields: 'refuse' }, { body: { count: 'many', other: 1 } });
    await expect(failed).rejects.toMatchObject({
      code: 'bad-input',
      fields: [{ path: 'other' }, { path: 'message' }, { path: 'count' }],
      message: expect.stringContaining('other is not a field of this workflow’s input'),
    });
  });

  it('declares its schema as its output, closed if unknown fields are rejected', () => {
    expect(input.output({ schema })).toEqual(schema);
    expect(input.output({ schema, unknownFields: 'refuse' })).toEqual({ ...schema, additionalProperties: false });
  });

  it('reports what is wrong with a schema written by hand', () => {
    const broken = { type: 'object', properties: { a: { type: 'text' }, b: 'string', c: { type: 'array', items: { required: 'x' } } } };
    expect(input.check({ schema: broken, samples: [{ name: '', value: 1 }] }).map(({ path }) => path.join('.'))).toEqual([
      'schema.properties.a.type',
      'schema.properties.b',
      'schema.properties.c.items.required',
      'samples.0.name',
    ]);
  });

  it('contains no expressions: samples are data', () => {
    expect(input.expressions({ schema, samples: [{ name: 'a', value: { message: '{{ x }}' } }] })).toEqual([]);
  });

  it('names its fields on the card', () => {
    expect(input.line({ schema })).toBe('message, count');
    expect(input.line({ schema: {} })).toBe('accepts anything');
  });
});
