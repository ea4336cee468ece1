import { isPlainObject } from '@switchyard/shared/json.ts';
import { declaredVariables } from '@switchyard/shared/model/declared-variables.ts';
import { z } from 'zod';

/** Values for the variables of a prompt, as typed. */
export interface Sample {
  readonly id: string;
  readonly title: string;
  readonly values: Readonly<Record<string, string>>;
  /** Run labels as text, which choose the variant: `language: de`. */
  readonly labels: string;
}

const list = z.array(z.object({ id: z.string(), title: z.string(), values: z.record(z.string(), z.string()), labels: z.string() }));

/** Reads stored samples. Invalid ones are ignored. */
export function readSamples(text: string | undefined): readonly Sample[] {
  try {
    return list.parse(JSON.parse(text ?? '[]'));
  } catch {
    return [];
  }
}

const isText = (schema: unknown, name: string): boolean => {
  const properties = isPlainObject(schema) && isPlainObject(schema.properties) ? schema.properties : {};
  const shape = properties[name];
  return isPlainObject(shape) && shape.type === 'string';
};

/** The values that the server gets. Text stays as typed; other values are read as JSON if valid. Empty ones are left out. */
export const valuesOf = (schema: unknown, { values }: Pick<Sample, 'values'>): Record<string, unknown> =>
  Object.fromEntries(
    [...declaredVariables(schema).names].flatMap((name) => {
      const text = values[name] ?? '';
      return text === '' ? [] : [[name, isText(schema, name) ? text : parsed(text)]];
    }),
  );

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Values as they are typed. */
export const typedValues = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value, null, 2)]));

const TITLE_LENGTH = 60;

/** The title of a sample, or else the start of its first value. */
export const sampleTitle = ({ title, values }: Pick<Sample, 'title' | 'values'>): string => {
  if (title.trim() !== '') return title.trim();
  const first = Object.values(values).find((value) => value.trim() !== '') ?? '';
  if (first === '') return 'Empty sample';
  const line = first.trim().split('\n')[0] ?? '';
  return line.length > TITLE_LENGTH ? `${line.slice(0, TITLE_LENGTH).trimEnd()}…` : line;
};
