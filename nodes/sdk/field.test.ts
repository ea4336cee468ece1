import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineNode, done } from './define-node.ts';
import { expressionFields } from './expression-fields.ts';
import { field, hintsOf } from './field.ts';

const template = (label: string) => field(z.string(), { label, expression: 'template' });
const found = (schema: z.ZodType, params: unknown) =>
  expressionFields(schema, params).map(({ path, kind, encode }) => `${path.join('.')} ${kind}${encode ?? ''}`);

describe('hints of a field', () => {
  it('are found through optional, nullable, and default', () => {
    expect(hintsOf(template('A').optional().default('x'))?.label).toBe('A');
    expect(hintsOf(z.string().nullable())).toBeUndefined();
  });
});

describe('expressions in params', () => {
  it('are found in objects, lists, records, and unions, with their place', () => {
    const schema = z.object({
      one: template('One').optional(),
      list: z.array(z.object({ code: field(z.string(), { label: 'Code', expression: 'cel' }), plain: z.string() })),
      record: z.record(z.string(), template('Value')),
      either: z.union([z.number(), z.object({ text: template('Text') })]),
    });
    const params = { one: 'a', list: [{ code: 'x', plain: 'y' }], record: { b: '{{ b }}' }, either: { text: 'c' } };
    expect(found(schema, params)).toEqual(['one template', 'list.0.code cel', 'record.b template', 'either.text template']);
  });

  it('are the leaves of a tree that contain one, without its keys', () => {
    const schema = z.object({ json: field(z.unknown(), { label: 'JSON', expression: 'tree' }) });
    expect(found(schema, { json: { '{{ key }}': ['a', 1, { b: '{{ b }}' }] } })).toEqual(['json.{{ key }}.2.b template']);
  });

  it('are marked if their values go into a URL', () => {
    expect(found(z.object({ url: field(z.string(), { label: 'URL', expression: 'template', encode: 'url' }) }), { url: 'x' })).toEqual(['url templateurl']);
  });

  it('are omitted if another field hides them, by its value or by its default', () => {
    const schema = z.object({
      kind: z.enum(['a', 'b']).default('a'),
      a: field(z.string(), { label: 'A', expression: 'template', when: { field: 'kind', is: ['a'] } }),
      b: field(z.string(), { label: 'B', expression: 'template', when: { field: 'kind', is: ['b'] } }),
    });
    expect(found(schema, { a: 'x', b: 'y' })).toEqual(['a template']);
    expect(found(schema, { kind: 'b', a: 'x', b: 'y' })).toEqual(['b template']);
  });

  it('are none in params of the wrong shape', () => {
    expect(found(z.object({ list: z.array(template('A')) }), { list: 'x' })).toEqual([]);
    expect(found(z.object({ a: template('A') }), null)).toEqual([]);
  });
});

describe('a node with some invalid params', () => {
  const node = defineNode({
    type: 'shelf',
    version: 1,
    title: 'Shelf',
    icon: 'IconNote',
    category: 'data',
    summary: 'Holds things in order',
    help: '',
    params: z.object({
      names: field(z.array(z.string()), { label: 'Names' }),
      size: field(z.number('Say how many fit'), { label: 'Size' }),
      kind: field(z.enum(['wide', 'tall']), { label: 'Kind' }),
      room: field(z.number().min(1).optional(), { label: 'Room' }),
    }),
    defaults: { names: ['first'], size: 1, kind: 'wide' },
    example: { names: ['first'], size: 1, kind: 'wide' },
    line: ({ names, size }) => `${names.join()} of ${size}`,
    compute: () => done(null),
  });

  it('keeps valid params, and uses defaults for the others', () => {
    expect(node.line({ names: ['a', 'b'], size: 'big', kind: 7 })).toBe('a,b of 1');
    expect(node.line(undefined)).toBe('first of 1');
  });

  it('describes each problem, preferably with its own message, and names the field to set', () => {
    expect(node.check({ names: 'a', size: 'big', kind: 'round', room: 0 })).toEqual([
      { path: ['names'], message: 'This must be a list', suggestion: 'Set “Names” of this node.' },
      { path: ['size'], message: 'Say how many fit', suggestion: 'Set “Size” of this node.' },
      { path: ['kind'], message: 'Choose one of wide, tall', suggestion: 'Set “Kind” of this node.' },
      { path: ['room'], message: 'Must be at least 1', suggestion: 'Set “Room” of this node.' },
    ]);
    expect(node.check({ size: 1, kind: 'tall' })).toEqual([
      { path: ['names'], message: 'This is missing and must be a list', suggestion: 'Set “Names” of this node.' },
    ]);
  });
});
