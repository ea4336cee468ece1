import { isPlainObject } from '@switchyard/shared/json.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';

/** Longer values are cut, with a note. */
const MOST = 20_000;
const MOST_FIELDS = 30;

/** A value as text: text itself, else its JSON. */
export function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? 'nothing');
  return text.length > MOST ? `${text.slice(0, MOST)}… (${text.length} characters)` : text;
}

export interface FieldChange {
  readonly path: string;
  readonly isSame: boolean;
  readonly expected: string;
  readonly output: string;
}

const short = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};

/** The expected fields of an object, each with what came out. Empty if one of them is no object. */
export function fieldChanges(expected: unknown, output: unknown): FieldChange[] {
  if (!isPlainObject(expected) || !isPlainObject(output)) return [];
  return Object.entries(expected)
    .slice(0, MOST_FIELDS)
    .map(([path, value]) => ({ path, isSame: sameJson(value, output[path]), expected: short(value), output: short(output[path]) }));
}

/** Shorter texts are fields, not the answer. */
const MOST_SHORT = 40;

/** The text to show side by side: of objects, the longest text field that differs; else both as a whole. */
export function mainTexts(expected: unknown, output: unknown): { readonly path: string | null; readonly expected: string; readonly output: string } {
  const whole = { path: null, expected: textOf(expected), output: textOf(output) };
  if (!isPlainObject(expected) || !isPlainObject(output)) return whole;
  const texts = Object.entries(expected).flatMap(([path, value]) => {
    const got = output[path];
    return typeof value === 'string' && typeof got === 'string' ? [{ path, expected: value, output: got }] : [];
  });
  const sameLast = (text: { readonly expected: string; readonly output: string }): number => Number(text.expected === text.output);
  const [longest] = texts.toSorted((one, other) => sameLast(one) - sameLast(other) || other.expected.length - one.expected.length);
  return longest && longest.expected.length > MOST_SHORT ? longest : whole;
}
