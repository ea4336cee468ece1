import { z } from 'zod';

/** Any value that JSON can represent. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON Schema (draft 2020-12) as plain data. */
export type JsonSchema = { [keyword: string]: unknown };

export const isPlainObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object kept unchanged: no key is dropped, renamed, or interpreted. */
export const verbatimObject = z.custom<Record<string, unknown>>(isPlainObject, 'must be an object').meta({ type: 'object' });

/** An object with a JSON Schema in it. */
export const jsonSchema = z.custom<JsonSchema>(isPlainObject, 'must be a JSON Schema object').meta({ type: 'object' });

/** How deep values from outside may nest. Recursive code would overflow the stack on deeper ones. */
export const DEEPEST_JSON = 100;

/** How deep a step's value may nest. Nodes wrap their input, so this is more than the limit for input. */
export const DEEPEST_VALUE = 200;

/** Whether a value is nested more than `deepest` levels deep. Walks level by level, so depth can't exhaust the stack here either. */
export function nestsDeeperThan(deepest: number, value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return true;
    const next: unknown[] = [];
    for (const one of level) {
      if (typeof one !== 'object' || one === null) continue;
      // Scalars are skipped: a list may have millions of numbers.
      for (const child of Array.isArray(one) ? one : Object.values(one)) if (typeof child === 'object' && child !== null) next.push(child);
    }
    level = next;
  }
  return false;
}

/** The largest integer up to which doubles hold every integer: 2^53. */
const EXACT = '9007199254740992';

/** Whether an integer written in decimal, without leading zeros, is beyond 2^53 in either direction. */
export function isBeyondDouble(digits: string): boolean {
  const start = digits.startsWith('-') ? 1 : 0;
  const length = digits.length - start;
  return length > EXACT.length || (length === EXACT.length && digits.slice(start) > EXACT);
}

/**
 * Whether a value is the text of an integer beyond 2^53, as the JSON reader returns it (S79). Schemas accept it as `integer` and `number`.
 */
export const isBigIntegerText = (value: unknown): value is string =>
  typeof value === 'string' && value.length >= EXACT.length && /^-?[1-9]\d{15,}$/.test(value) && isBeyondDouble(value);
