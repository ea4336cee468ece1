import { validateJson } from '@switchyard/shared/json-schema/validate.ts';
import { expect, it } from 'vitest';
import type { Admission } from './admit.ts';
import { certainErrors } from './fit-input.ts';

const known = {
  text: { type: 'string' },
  object: { type: 'object' },
  number: { type: 'number' },
  list: { type: 'array' },
  either: { anyOf: [{ type: 'object' }] },
};
const schemaOf = (template: string) => (/^\{\{ (\w+) \}\}$/.test(template) ? known[template.slice(3, -3) as keyof typeof known] : { type: 'string' });
const admission: Admission = {
  schema: {
    type: 'object',
    properties: {
      message: { type: 'string' },
      count: { type: 'integer' },
      tags: { type: 'array', items: { type: 'string' } },
      customer: { $ref: '#/$defs/customer' },
      tone: { enum: ['warm', 'formal'], default: 'warm' },
      any: {},
    },
    required: ['message', 'tone'],
    $defs: { customer: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'], additionalProperties: false } },
  },
  unknownFields: 'keep',
  coerce: true,
  trim: true,
  dates: true,
  lowerCase: true,
};
const errors = (input: unknown, more: Partial<Admission> = {}): string[] =>
  certainErrors(input, { admission: { ...admission, ...more }, schemaOf, validate: validateJson }).map(({ path, message }) => `${path} ${message}`);

it('finds nothing in an input that may be valid', () => {
  expect(errors({ message: '{{ text }}', count: '{{ number }}', tags: '{{ list }}', customer: { id: '{{ text }}' }, any: '{{ object }}' })).toEqual([]);
  expect(errors('{{ unknown }}')).toEqual([]);
  expect(errors({ message: 'Hi {{ number }}', count: '{{ text }}', tags: '{{ text }}', customer: '{{ either }}', extra: '{{ text }}' })).toEqual([]);
  expect(errors({ message: '{{ text }}', count: '42' })).toEqual([]);
});

it('finds missing fields without a default', () => {
  expect(errors({})).toEqual(['message is missing']);
  expect(errors({ count: '{{ number }}', customer: { name: '{{ text }}' } })).toEqual([
    'message is missing',
    'customer.id is missing',
    'customer.name is not a field of this workflow’s input',
  ]);
});

it('finds fixed values that are invalid, with their path', () => {
  expect(errors({ message: '{{ text }}', tone: 'rude', count: 'many', customer: { id: 1 } })).toEqual([
    'tone must be one of "warm", "formal"',
    'count must be a whole number',
    'customer.id must be text',
  ]);
});

it('finds types that can’t fit', () => {
  expect(errors({ message: '{{ object }}' })).toEqual(['message must be text, but is an object']);
  expect(errors({ message: '{{ number }}', tags: ['{{ list }}'], customer: '{{ text }}' })).toEqual([
    'message must be text, but is a number',
    'tags.0 must be text, but is a list',
    'customer must be an object, but is text',
  ]);
  expect(errors('{{ list }}')).toEqual([' must be an object, but is a list']);
});

it('finds unknown fields where they are rejected', () => {
  expect(errors({ message: '{{ text }}', extra: '{{ text }}' }, { unknownFields: 'refuse' })).toEqual(['extra is not a field of this workflow’s input']);
});
