import { field } from '@switchyard/nodes/sdk/field.ts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { changedSettings } from './changed-settings.ts';
import { formOf } from './form-model.ts';

const schema = z.object({
  temperature: field(z.number(), { label: 'Temperature', advanced: true }).optional(),
  maxBytes: field(z.number(), { label: 'Max response size', unit: 'bytes', advanced: true }).default(1_000),
  stream: field(z.boolean(), { label: 'Stream output', advanced: true }).default(true),
  safety: field(z.enum(['auto', 'unsafe']), { label: 'Retry safety', advanced: true, choices: { unsafe: 'Not safe to repeat' } }).default('auto'),
  headers: field(z.array(z.unknown()), { label: 'Headers', advanced: true }).default([]),
  instructions: field(z.string(), { label: 'Instructions', advanced: true }).default(''),
});
const changed = (value: unknown) => changedSettings(formOf(schema, value).advanced, value).map(({ words }) => words);

test('Omitted settings and those equal to their defaults are not changed', () => {
  expect(changed({})).toEqual([]);
  expect(changed({ stream: true, safety: 'auto', headers: [], instructions: '', maxBytes: 1_000 })).toEqual([]);
  expect(changed('not params')).toEqual([]);
});

test('A changed setting is named with its value', () => {
  expect(changed({ temperature: 0.25, maxBytes: 5_000, stream: false, safety: 'unsafe', headers: [{}, {}], instructions: 'Be kind' })).toEqual([
    'Temperature 0.25',
    'Max response size 5,000 bytes',
    'Stream output off',
    'Retry safety: Not safe to repeat',
    'Headers 2',
    'Instructions: Be kind',
  ]);
});

test('A long text is only named', () => {
  expect(changed({ instructions: 'Be kind, and name every amount that they ask about' })).toEqual(['Instructions']);
});
