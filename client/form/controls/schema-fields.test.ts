import { describe, expect, it } from 'vitest';
import { fieldsOf, freeName, type SchemaField, withDescription, withFields, withKind } from './schema-fields.ts';

const schema = {
  type: 'object',
  title: 'Ticket',
  properties: {
    message: { type: 'string', minLength: 1, description: 'What they wrote' },
    sentAt: { type: 'string', format: 'date-time' },
    tier: { enum: ['free', 'gold'] },
    any: {},
  },
  required: ['message'],
};
const rows = fieldsOf(schema) as SchemaField[];

describe('the simple schema editor', () => {
  it('shows each field with a readable type', () => {
    expect(rows.map(({ name, kind, required }) => [name, kind, required])).toEqual([
      ['message', 'text', true],
      ['sentAt', 'date', false],
      ['tier', 'other', false],
      ['any', 'any', false],
    ]);
    expect(fieldsOf({})).toEqual([]);
    const file = { type: 'object', format: 'file' };
    expect(fieldsOf({ type: 'object', properties: { a: file, b: { type: 'array', items: file } } })?.map(({ kind }) => kind)).toEqual(['file', 'files']);
  });

  it('returns the same schema if nothing changed', () => {
    expect(withFields(schema, rows)).toEqual(schema);
  });

  it('keeps what it does not show', () => {
    const changed = withFields(
      schema,
      rows.map((row) => (row.name === 'message' ? withDescription({ ...row, required: false }, '') : row)),
    );
    expect(changed).toEqual({ type: 'object', title: 'Ticket', properties: { ...schema.properties, message: { type: 'string', minLength: 1 } } });
  });

  it('drops what belonged to the previous type', () => {
    const [message] = rows;
    expect(message && withKind(message, 'number').schema).toEqual({ type: 'number', description: 'What they wrote' });
  });

  it('leaves a schema unchanged that is not an object with fields', () => {
    expect(fieldsOf({ type: 'array', items: {} })).toBeUndefined();
    expect(fieldsOf('{"type":')).toBeUndefined();
  });

  it('gives a new field an unused name', () => {
    expect(freeName([...rows, { ...(rows[0] as SchemaField), name: 'field' }])).toBe('field2');
  });
});

it('leaves a schema with very many fields to its JSON', () => {
  const properties = (length: number) => Object.fromEntries(Array.from({ length }, (_, index) => [`f${index}`, {}]));
  expect(fieldsOf({ type: 'object', properties: properties(200) })).toHaveLength(200);
  expect(fieldsOf({ type: 'object', properties: properties(201) })).toBeUndefined();
});
