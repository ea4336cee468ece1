import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { jsonrepair } from 'jsonrepair';
import { parseModelJson } from './parse-json.ts';

/*
 * Reads a model's answer that should be JSON matching a schema. Small slips are corrected before validation, so they cost no second call:
 * broken JSON, an enum value with other case or spaces, a number as text, and properties the schema does not allow. Nothing is guessed: a
 * value that still does not fit is left to validation.
 */

/** Longer answers are not repaired: repairing takes several passes over the text. */
const MAX_REPAIRED = 200_000;
const MAX_DEPTH = 100;

/** The JSON in a model's answer, corrected toward the schema. Undefined if there is none. */
export function readAnswer(schema: JsonSchema, text: string): { readonly value: unknown } | undefined {
  const parsed = parseModelJson(text) ?? repaired(text);
  return parsed && { value: corrected(schema, parsed.value, 0) };
}

function repaired(text: string): { readonly value: unknown } | undefined {
  if (text.length > MAX_REPAIRED || !/[{[]/.test(text)) return undefined;
  try {
    return parseModelJson(jsonrepair(text.slice(text.search(/[{[]/))));
  } catch {
    return undefined;
  }
}

function corrected(schema: unknown, value: unknown, depth: number): unknown {
  if (!isPlainObject(schema) || depth > MAX_DEPTH) return value;
  if (Array.isArray(schema.enum) && typeof value === 'string') return enumValue(schema.enum, value);
  if (typeof value === 'string') return schema.type === 'number' || schema.type === 'integer' ? numberIn(value) : value;
  if (Array.isArray(value)) return isPlainObject(schema.items) ? value.map((item) => corrected(schema.items, item, depth + 1)) : value;
  return isPlainObject(value) && isPlainObject(schema.properties) ? correctedObject(schema, schema.properties, value, depth) : value;
}

function correctedObject(schema: JsonSchema, properties: Record<string, unknown>, value: Record<string, unknown>, depth: number): unknown {
  // Other keywords may allow more properties than are listed here.
  const closed = schema.additionalProperties === false && !('patternProperties' in schema);
  const entries = Object.entries(value).filter(([name]) => !closed || Object.hasOwn(properties, name));
  return Object.fromEntries(entries.map(([name, one]) => [name, Object.hasOwn(properties, name) ? corrected(properties[name], one, depth + 1) : one]));
}

/** The allowed value that the text names, ignoring case and spaces around it, if exactly one does. */
function enumValue(allowed: readonly unknown[], text: string): string {
  if (allowed.includes(text)) return text;
  const wanted = text.trim().toLowerCase();
  const same = allowed.filter((one): one is string => typeof one === 'string' && one.trim().toLowerCase() === wanted);
  return same.length === 1 && same[0] !== undefined ? same[0] : text;
}

function numberIn(text: string): string | number {
  return /^\s*-?\d{1,15}(\.\d{1,15})?\s*$/.test(text) ? Number(text) : text;
}
