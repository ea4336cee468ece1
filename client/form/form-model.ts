import { type FieldHints, hintsOf, meetsCondition, unwrap } from '@switchyard/nodes/sdk/field.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { z } from 'zod';

/** A field of a form, from its schema and hints. */
export interface FieldModel {
  readonly name: string;
  /** The schema inside `optional` and `default`. */
  readonly schema: z.ZodType;
  readonly hints: FieldHints;
  readonly control: string;
  /** Whether it can be omitted. */
  readonly optional: boolean;
  /** The value while it is omitted. */
  readonly fallback: unknown;
}

/** A line of a form: one field, or several side by side. */
export interface FormRow {
  readonly id: string;
  readonly fields: readonly FieldModel[];
}

export interface FormModel {
  readonly rows: readonly FormRow[];
  /** Each is shown in its own collapsible section. */
  readonly sections: readonly FieldModel[];
  /** Shown below a fold. */
  readonly advanced: readonly FormRow[];
}

/** The form of an object schema for this value: which fields are shown, in which rows, with which control. */
export function formOf(schema: z.ZodObject, value: unknown): FormModel {
  const fields = Object.entries(schema.shape)
    .filter(([name, shape]) => !isInternal(name, shape as z.ZodType) && !hintsOf(shape as z.ZodType)?.ownTab)
    .map(([name, shape]) => fieldOf(name, shape as z.ZodType));
  const shown = fields.filter((field) => isShown(field, fields, value));
  return {
    rows: inRows(shown.filter(({ hints }) => !hints.advanced && !hints.section)),
    sections: shown.filter(({ hints }) => hints.section),
    advanced: inRows(shown.filter((field) => field.hints.advanced)),
  };
}

/** An ID that the page manages automatically (of a port). */
export const isInternal = (name: string, schema: z.ZodType): boolean => name === 'id' && hintsOf(schema) === undefined;

/** The model of one field. Without hints, its name is its label and its type decides the control. */
export function fieldOf(name: string, schema: z.ZodType): FieldModel {
  const bare = unwrap(schema);
  const hints = hintsOf(schema) ?? { label: humanize(name) };
  const absent = schema.safeParse(undefined);
  return {
    name,
    schema: bare,
    hints,
    control: hints.control ?? controlOf(bare, hints),
    optional: absent.success,
    fallback: absent.success ? absent.data : undefined,
  };
}

const WITH_EXPRESSIONS = new Set(['rules', 'expressions', 'pairs', 'review-fields']);

/** Whether a field or its parts can contain expressions. */
export const holdsExpressions = (field: FieldModel): boolean => field.hints.expression !== undefined || WITH_EXPRESSIONS.has(field.control);

/** `maxTokens` → “Max tokens”. Names in capitals (`POST`) stay. */
export function humanize(name: string): string {
  if (/^[A-Z\d]+$/.test(name)) return name;
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The choices of an enum, a union of literals, or booleans, with their labels. */
export function choicesOf(field: FieldModel): { value: string; label: string }[] {
  return enumValues(field.schema).map((value) => ({ value, label: field.hints.choices?.[value] ?? humanize(value) }));
}

function enumValues(schema: z.ZodType): string[] {
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  if (schema instanceof z.ZodLiteral) return [...schema.values].map(String);
  if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).flatMap((option) => enumValues(unwrap(option)));
  return [];
}

function controlOf(schema: z.ZodType, hints: FieldHints): string {
  if (hints.expression === 'cel') return 'code';
  if (hints.expression === 'tree') return 'json';
  if (schema instanceof z.ZodString) return 'text';
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodBoolean) return 'switch';
  const values = enumValues(schema);
  if (values.length > 0) return values.length <= 3 ? 'segmented' : 'select';
  if (schema instanceof z.ZodObject) return 'group';
  if (schema instanceof z.ZodArray) return unwrap(schema.element as z.ZodType) instanceof z.ZodObject ? 'list' : 'lines';
  if (schema instanceof z.ZodUnion && (schema.options as z.ZodType[]).some((option) => unwrap(option) instanceof z.ZodString)) return 'text';
  return 'json';
}

function isShown(field: FieldModel, fields: readonly FieldModel[], value: unknown): boolean {
  const when = field.hints.when;
  if (!when) return true;
  const other = fields.find((candidate) => candidate.name === when.field);
  const own = isPlainObject(value) && Object.hasOwn(value, when.field) ? value[when.field] : other?.fallback;
  return meetsCondition(when, own);
}

function inRows(fields: readonly FieldModel[]): FormRow[] {
  const rows: { id: string; fields: FieldModel[] }[] = [];
  for (const field of fields) {
    const last = rows.at(-1);
    if (last && field.hints.row !== undefined && last.fields[0]?.hints.row === field.hints.row) last.fields.push(field);
    else rows.push({ id: field.name, fields: [field] });
  }
  return rows;
}
