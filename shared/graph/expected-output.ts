import { isPlainObject } from '../json.ts';

/**
 * Where an output differs from what was expected, one line each. Fields of objects that are not expected are ignored; lists must have the
 * same length. Nothing expected is never a difference.
 */
export function differences(expected: unknown, output: unknown, path = 'output'): string[] {
  if (expected === undefined) return [];
  if (isPlainObject(expected) && isPlainObject(output))
    return Object.entries(expected).flatMap(([name, value]) => (value === undefined ? [] : differences(value, output[name], `${path}.${name}`)));
  if (Array.isArray(expected) && Array.isArray(output) && expected.length === output.length)
    return expected.flatMap((value, index) => differences(value, output[index], `${path}[${index}]`));
  return JSON.stringify(expected) === JSON.stringify(output) ? [] : [`${path}: expected ${shown(expected)}, got ${shown(output)}`];
}

const MOST_SHOWN = 200;

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, MOST_SHOWN);
