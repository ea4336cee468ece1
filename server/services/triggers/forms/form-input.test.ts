import { formFields } from '@switchyard/shared/forms/form-fields.ts';
import { describe, expect, it } from 'vitest';
import { formInput } from './form-input.ts';

const FIELDS = formFields({
  type: 'object',
  required: ['email', 'count'],
  properties: {
    email: { type: 'string', format: 'email', title: 'Your email' },
    orderNumber: { type: 'string', description: 'On the receipt.' },
    what_happened: { type: 'string' },
    count: { type: 'integer', minimum: 1 },
    urgent: { type: 'boolean' },
    kind: { enum: ['a', 'b'] },
    tags: { type: 'array', items: { type: 'string' } },
    more: { type: 'object' },
    day: { type: ['string', 'null'], format: 'date-time' },
  },
});

describe('the fields of a form', () => {
  it('follow from the schema', () => {
    expect(FIELDS.map(({ label, kind, isRequired }) => [label, kind, isRequired])).toEqual([
      ['Your email', 'email', true],
      ['Order number', 'long-text', false],
      ['What happened', 'long-text', false],
      ['Count', 'integer', true],
      ['Urgent', 'boolean', false],
      ['Kind', 'choice', false],
      ['Tags', 'lines', false],
      ['More', 'json', false],
      ['Day', 'date-time', false],
    ]);
    expect(FIELDS[1]).toMatchObject({ help: 'On the receipt.' });
    expect(formFields({})).toEqual([]);
  });

  it('are read as their types, without empty ones', () => {
    const sent = {
      email: 'a@b.c',
      orderNumber: ' ',
      what_happened: 'a\r\nb',
      count: '2',
      urgent: 'true',
      tags: 'x\r\n\r\n y ',
      more: '{"a": 1}',
      day: '2026-01-02T03:04',
      other: 'x',
    };
    expect(formInput(FIELDS, sent)).toEqual({
      email: 'a@b.c',
      what_happened: 'a\nb',
      count: 2,
      urgent: true,
      tags: ['x', 'y'],
      more: { a: 1 },
      day: '2026-01-02T03:04:00Z',
    });
    expect(formInput(FIELDS, { count: 'many', more: '{' })).toEqual({ count: 'many', more: '{', urgent: false });
  });
});
