import { field } from '@switchyard/nodes/sdk/field.ts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { choicesOf, fieldOf, formOf } from './form-model.ts';

const schema = z.object({
  route: field(z.string(), { label: 'Model route', control: 'route', row: 'top' }),
  format: field(z.enum(['text', 'json']), { label: 'Answer', row: 'top', choices: { text: 'Text', json: 'JSON' } }).default('text'),
  schema: field(z.unknown(), { label: 'Shape', control: 'schema', when: { field: 'format', is: ['json'] } }).optional(),
  system: field(z.string(), { label: 'System', expression: 'template' }).optional(),
  temperature: field(z.number(), { label: 'Temperature', advanced: true }).optional(),
  stopWords: field(z.array(z.string()), { label: 'Stop words', advanced: true }).default([]),
});
const names = (value: unknown) => formOf(schema, value).rows.map((row) => row.fields.map((one) => one.name));

describe('the form of a schema', () => {
  it('puts fields of one row side by side, in the order of the schema', () => {
    expect(names({})).toEqual([['route', 'format'], ['system']]);
  });

  it('shows a conditional field only while the other field has such a value, defaults included', () => {
    expect(names({ format: 'json' })).toContainEqual(['schema']);
    expect(names({ format: 'text' })).not.toContainEqual(['schema']);
    const byDefault = z.object({ on: z.boolean().default(true), detail: field(z.string(), { label: 'Detail', when: { field: 'on', is: [true] } }) });
    expect(formOf(byDefault, {}).rows).toHaveLength(2);
  });

  it('puts rarely changed fields below a fold', () => {
    const form = formOf(schema, {});
    expect(form.advanced.flatMap((row) => row.fields.map((one) => one.name))).toEqual(['temperature', 'stopWords']);
  });

  it('chooses the control by type if the hints have none', () => {
    const controls = (shape: z.ZodType) => fieldOf('any', shape).control;
    expect(controls(z.string().optional())).toBe('text');
    expect(controls(z.number().default(3))).toBe('number');
    expect(controls(z.boolean())).toBe('switch');
    expect(controls(z.enum(['a', 'b']))).toBe('segmented');
    expect(controls(z.enum(['a', 'b', 'c', 'd', 'e']))).toBe('select');
    expect(controls(z.object({}))).toBe('group');
    expect(controls(z.array(z.object({})))).toBe('list');
    expect(controls(z.array(z.string()))).toBe('lines');
    expect(controls(z.unknown())).toBe('json');
    expect(controls(field(z.string(), { label: 'When', expression: 'cel' }))).toBe('code');
  });

  it('labels a field without hints by its name, and knows its default', () => {
    const model = fieldOf('maxTokens', z.number().default(400));
    expect(model).toMatchObject({ hints: { label: 'Max tokens' }, fallback: 400, optional: true });
    expect(fieldOf('url', z.string()).optional).toBe(false);
  });

  it('labels the choices of an enum from the hints', () => {
    const model = fieldOf('format', schema.shape.format);
    expect(choicesOf(model)).toEqual([
      { value: 'text', label: 'Text' },
      { value: 'json', label: 'JSON' },
    ]);
    expect(choicesOf(fieldOf('method', z.enum(['GET', 'long-poll']))).map((choice) => choice.label)).toEqual(['GET', 'Long poll']);
  });
});
