import { isFileHandle } from '../files/file-handle.ts';
import { acceptedTypes, acceptsType, FILE_FORMAT } from '../files/file-schema.ts';
import { isBigIntegerText, isPlainObject } from '../json.ts';
import { compareDigits, isMultiple } from './big-integer.ts';
import { JsonSet } from './equal.ts';
import { isOfFormat, textFormat } from './formats.ts';
import type { Keyword } from './keyword.ts';
import { Meter } from './meter.ts';
import { patternCheck } from './pattern.ts';
import { type Check, Visit } from './visit.ts';

const TYPES: Readonly<Record<string, { readonly words: string; readonly fits: (value: unknown) => boolean }>> = {
  string: { words: 'text', fits: (value) => typeof value === 'string' },
  number: { words: 'a number', fits: (value) => Number.isFinite(value) || isBigIntegerText(value) },
  integer: { words: 'a whole number', fits: (value) => Number.isInteger(value) || isBigIntegerText(value) },
  boolean: { words: 'true or false', fits: (value) => typeof value === 'boolean' },
  object: { words: 'an object', fits: isPlainObject },
  array: { words: 'a list', fits: Array.isArray },
  null: { words: 'null', fits: (value) => value === null },
};

const type: Keyword = (value, schema) => {
  const names = [...new Set([value].flat().map(String))];
  const types = names.flatMap((name) => TYPES[name] ?? []);
  const isNullable = schema.nullable === true;
  const message = `must be ${types.map(({ words }) => words).join(' or ')}`;
  const takesText = names.includes('string');
  return (data, visit) => {
    // Recognizing digits reads the whole text.
    if (typeof data === 'string' && !takesText) visit.spend(data.length >> 3);
    return types.some(({ fits }) => fits(data)) || (isNullable && data === null) || visit.fail(message);
  };
};

const one = (values: readonly unknown[], message: string): Check => {
  const set = new JsonSet();
  // The schema itself was measured when it was checked.
  for (const value of values) set.add(value, new Visit(new Meter()));
  return (data, visit) => set.has(data, visit) || visit.fail(message);
};

const MOST_SHOWN = 20;
const enumeration: Keyword = (value) => {
  const values = [value].flat(1);
  const shown = values.slice(0, MOST_SHOWN).map((each) => JSON.stringify(each));
  return one(values, `must be one of ${shown.join(', ')}${values.length > MOST_SHOWN ? `, and ${values.length - MOST_SHOWN} more` : ''}`);
};

/** Compares numbers, and integers beyond what numbers represent exactly (S79), with a bound. */
const bound =
  (words: string, fits: (order: number) => boolean): Keyword =>
  (limit) => {
    const message = `must be ${words} ${limit}`;
    return (data, visit) => {
      if (typeof data === 'number') return fits(data - Number(limit)) || visit.fail(message);
      if (!isBigIntegerText(data)) return true;
      visit.spend(data.length);
      return fits(compareDigits(data, limit)) || visit.fail(message);
    };
  };

/** Bounds and multiples apply to numbers. Digits count as a number only if the schema asks for one. */
const numeric =
  (keyword: Keyword): Keyword =>
  (value, schema, compiler) => {
    const check = keyword(value, schema, compiler);
    const types = [schema.type].flat();
    const takesDigits = !types.includes('string') && (types.includes('number') || types.includes('integer'));
    return check && ((data, visit) => (typeof data === 'string' && !takesDigits) || check(data, visit));
  };

const multipleOf: Keyword = (divisor) => (data, visit) => {
  if (typeof data !== 'number' && !isBigIntegerText(data)) return true;
  if (typeof data === 'string') visit.spend(data.length);
  return isMultiple(data, Number(divisor)) || visit.fail(`must be a multiple of ${divisor}`);
};

/** Characters as people count them: a surrogate pair is one. */
function lengthOf(text: string, visit: Visit): number {
  visit.spend(text.length >> 4);
  if (!/[\ud800-\udbff]/.test(text)) return text.length;
  visit.spend(text.length);
  let count = 0;
  for (const _character of text) count++;
  return count;
}

const characters = (count: number): string => (count === 1 ? '1 character' : `${count} characters`);

const minLength: Keyword = (value) => {
  const least = Number(value);
  const message = least === 1 ? 'must not be empty' : `must have at least ${characters(least)}`;
  return (data, visit) => {
    if (typeof data !== 'string' || data.length >= least * 2) return true;
    return (data.length >= least && lengthOf(data, visit) >= least) || visit.fail(message);
  };
};

const maxLength: Keyword = (value) => {
  const most = Number(value);
  const message = `must have at most ${characters(most)}`;
  return (data, visit) => {
    if (typeof data !== 'string' || data.length <= most) return true;
    return (data.length <= most * 2 && lengthOf(data, visit) <= most) || visit.fail(message);
  };
};

const pattern: Keyword = (value) => {
  const matches = patternCheck(String(value));
  return (data, visit) => typeof data !== 'string' || matches(data, visit) || visit.fail(`must match pattern "${value}"`);
};

const INT32 = 2 ** 31;
const NUMBERS: Readonly<Record<string, (value: number) => boolean>> = {
  int32: (value) => Number.isInteger(value) && value >= -INT32 && value < INT32,
  int64: Number.isInteger,
};

const format: Keyword = (value) => {
  const name = String(value);
  if (name === FILE_FORMAT) return (data, visit) => typeof data !== 'object' || data === null || isFileHandle(data) || visit.fail('must be a file');
  const ofNumbers = NUMBERS[name];
  if (ofNumbers) return (data, visit) => typeof data !== 'number' || ofNumbers(data) || visit.fail(`must be a whole number (${name})`);
  const known = textFormat(name);
  if (!known) return undefined;
  return (data, visit) => {
    if (typeof data !== 'string') return true;
    visit.spend(20 + (data.length >> 3));
    return isOfFormat(name, data) || visit.fail(`must be ${known.words}`);
  };
};

/** Of a file. Texts with a media type are not examined. */
const contentMediaType: Keyword = (value) => {
  const accepted = acceptedTypes({ contentMediaType: value });
  return (data, visit) => !isFileHandle(data) || acceptsType(accepted, data.type) || visit.fail(`must be a file of type ${accepted.join(', ')}`);
};

/** Keywords that apply to a value as a whole. */
export const VALUE_KEYWORDS = {
  type,
  enum: enumeration,
  const: (value) => one([value], `must be ${JSON.stringify(value)}`),
  minimum: numeric(bound('at least', (order) => order >= 0)),
  maximum: numeric(bound('at most', (order) => order <= 0)),
  exclusiveMinimum: numeric(bound('more than', (order) => order > 0)),
  exclusiveMaximum: numeric(bound('less than', (order) => order < 0)),
  multipleOf: numeric(multipleOf),
  minLength,
  maxLength,
  pattern,
  format,
  contentMediaType,
} satisfies Record<string, Keyword>;
