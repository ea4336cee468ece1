import { NOW } from './times.ts';
import { asBoolean, asCel, asText, asTime, type Cel, cel, loose, type Type, tight, type Value } from './value.ts';

/* Functions of JavaScript and n8n, as functions of CEL. */

type Make = (args: readonly Value[]) => Cel | undefined;

const wrap =
  (before: string, after: string, type: Type): Make =>
  ([first, ...others]) =>
    first && others.length === 0 ? cel(`${before}${asCel(first).text}${after}`, type) : undefined;
const method =
  (name: string, type: Type): Make =>
  ([first]) =>
    first && cel(`${tight(asCel(first))}.${name}()`, type);
const listOrMore =
  (name: string): Make =>
  (args) =>
    args.length > 0 ? cel(`${name}([${args.map((arg) => asCel(arg).text).join(', ')}])`, 'number') : undefined;
const number: Make = ([value]) => value && (asCel(value).type === 'number' ? asCel(value) : cel(`double(${asText(value)})`, 'number'));
const condition: Make = ([test, then, other]) => test && then && other && loose(`${tight(asBoolean(test))} ? ${tight(asCel(then))} : ${tight(asCel(other))}`);
const time: Make = ([value, ...others]) => (others.length > 0 ? undefined : value ? cel(asTime(value), 'time') : NOW);

const FUNCTIONS: Readonly<Record<string, Make>> = {
  'Math.round': wrap('round(', ')', 'number'),
  'Math.floor': wrap('floor(', ')', 'number'),
  'Math.ceil': wrap('ceil(', ')', 'number'),
  'Math.abs': wrap('abs(', ')', 'number'),
  'Math.min': listOrMore('min'),
  'Math.max': listOrMore('max'),
  'Object.keys': method('keys', 'list'),
  'Object.values': method('values', 'list'),
  'Object.entries': ([value]) => value && cel(`${tight(asCel(value))}.entries().map(e, [e.key, e.value])`, 'list'),
  'Object.fromEntries': method('toObject', 'any'),
  'Object.assign': ([first, ...others]) =>
    first && others.length > 0 ? cel(others.reduce((text, other) => `${text}.merge(${asCel(other).text})`, tight(asCel(first)))) : undefined,
  'JSON.parse': wrap('parseJson(', ')', 'any'),
  'JSON.stringify': ([value]) => value && cel(`toJson(${asCel(value).text})`, 'text'),
  'Array.isArray': ([value]) => value && loose(`type(${asCel(value).text}) == list`, 'boolean'),
  'Date.now': () => cel(`(${NOW.text}.epochSeconds() * 1000)`, 'number'),
  'DateTime.now': () => NOW,
  'DateTime.utc': (args) => (args.length === 0 ? NOW : undefined),
  'DateTime.fromISO': time,
  'DateTime.fromFormat': ([text, format]) => text && format && cel(`parseDate(${asCel(text).text}, ${asCel(format).text})`, 'time'),
  'DateTime.fromSeconds': wrap('timestamp(', ')', 'time'),
  'DateTime.fromMillis': ([value]) => value && cel(`timestamp(int(${tight(asCel(value))} / 1000))`, 'time'),
  'DateTime.local': (args) => (args.length === 0 ? NOW : undefined),
  'DateTime.fromJSDate': time,
  Date: time,
  Number: number,
  parseFloat: number,
  parseInt: ([value]) => value && cel(`int(${asCel(value).text})`, 'number'),
  String: ([value]) => value && cel(asText(value), 'text'),
  Boolean: ([value]) => value && asBoolean(value),
  encodeURIComponent: ([value]) => value && cel(`${asText(value)}.encodeUrl()`, 'text'),
  decodeURIComponent: ([value]) => value && cel(`${asText(value)}.decodeUrl()`, 'text'),
  $if: condition,
  $ifEmpty: ([value, other]) => value && other && loose(`${tight(asBoolean(value))} ? ${tight(asCel(value))} : ${tight(asCel(other))}`),
  $min: listOrMore('min'),
  $max: listOrMore('max'),
};

/** Undefined if there is no such function here, or not with these arguments. */
export const functionCall: (name: string, args: readonly Value[]) => Cel | undefined = (name, args) =>
  Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name]?.(args) : undefined;
