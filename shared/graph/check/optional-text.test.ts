import { expect, it } from 'vitest';
import { referencesOf } from '../../expression/cel.ts';
import { Meter } from '../../json-schema/meter.ts';
import { optionalMember, optionalText, schemaAt } from './optional-text.ts';

const schema = {
  type: 'object',
  properties: {
    message: { type: 'string' },
    language: { type: 'string', default: 'en' },
    customer: { type: 'object', properties: { 'first name': { type: 'string' }, age: { type: 'integer' } }, required: ['age'] },
  },
  required: ['customer'],
};

it.each([
  ['input.message', 'input.?message.orValue("")'],
  ['input.customer["first name"]', 'input.customer[?"first name"].orValue("")'],
  ['input.customer.age', undefined],
  ['input.language', undefined],
  ['input.unknown.x', undefined],
])('writes %s, which may be missing, as %s', (source, corrected) => {
  const [reference] = referencesOf(source);
  if (!reference) throw new Error(`${source} has no reference`);
  const member = optionalMember(reference.path, schema, new Meter());
  expect(member === undefined ? undefined : optionalText(reference, member, schemaAt(reference.path, schema, new Meter()))).toBe(corrected);
});

it('gets a default of its type', () => {
  const [reference] = referencesOf('steps.count.value');
  if (!reference) throw new Error('no reference');
  expect([{ type: 'integer' }, { type: 'array' }, {}].map((type) => optionalText(reference, 0, type))).toEqual([
    'steps.?count.?value.orValue(0)',
    'steps.?count.?value.orValue([])',
    'steps.?count.?value.orValue("")',
  ]);
});
