/*
 * Our functions for CEL. Those with an underscore after the name (see function-names.ts) replace the library's own:
 * `size`, `indexOf`, `lastIndexOf`, and `int` return doubles like all our numbers, `double` rejects integers it would round, `matches`
 * runs in linear time, `split` stops at a limit, `join` accepts any list, and `json` of bytes would let in objects that aren't Maps. All
 * functions are pure: no clock, no randomness. What a call reads and returns is counted by meter-tree.ts. A function counts only work
 * beyond that.
 */
import { type Environment, Optional } from '@marcbachmann/cel-js';
import { isBeyondDouble } from '../json.ts';
import { JsonLimitError, readJson } from '../read-json.ts';
import { toCel } from './data-map.ts';
import { ExpressionFault } from './expression-fault.ts';
import { build, MOST_VISITS, visit, visitOnce } from './metering/meter.ts';
import { visitDeep } from './metering/visit-deep.ts';
import { linearPattern, MOST_STEPS } from './patterns/linear-pattern.ts';
import { stepsOf } from './patterns/pattern-steps.ts';
import { readPlain, toText } from './to-plain.ts';

type List = readonly unknown[];
type Item = unknown;
type Handler = (...args: never[]) => unknown;

/** Compiling one step of a regular expression takes this many times as long as visiting an element. */
const VISITS_PER_STEP = 4;
/** This many steps of a regular expression, each for one character, take as long as visiting an element. */
const MATCHES_PER_VISIT = 40;
/**
 * The maximum memory of the states of one pattern, in bytes. Filling the library's default of 8 MB also takes long, once for each new text.
 */
const MOST_STATES = 128_000;

function matches(text: string, source: string): boolean {
  const steps = Math.min(stepsOf(source), MOST_STEPS);
  visitOnce(source, VISITS_PER_STEP * steps + Math.floor(source.length / 4));
  visit(Math.floor((text.length * steps) / MATCHES_PER_VISIT));
  try {
    const pattern = linearPattern(source);
    const { dfa } = pattern.re2();
    if (dfa.stateBudget > MOST_STATES) dfa.stateBudget = dfa.memBudget = MOST_STATES;
    return pattern.test(text);
  } catch (cause) {
    throw new ExpressionFault(`“${shorten(source)}” is not a valid regular expression: ${shorten(cause instanceof Error ? cause.message : String(cause))}`);
  }
}

const shorten = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

function textOf(value: unknown): string {
  visitDeep(value);
  return toText(readPlain(value));
}

function jsonOf(value: unknown): string {
  visitDeep(value);
  return JSON.stringify(readPlain(value));
}

function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function replaceAll(text: string, search: string, replacement: string): string {
  const count = search === '' ? text.length + 1 : countOf(text, search);
  visit(Math.floor(count / 8));
  build(text.length + count * (replacement.length - search.length), 0);
  return text.replaceAll(search, () => replacement);
}

function countOf(text: string, search: string): number {
  let count = 0;
  for (let at = text.indexOf(search); at !== -1; at = text.indexOf(search, at + search.length)) count++;
  return count;
}

/** JavaScript's search from the end compares every character at every position. */
function lastIndexOf(text: string, search: string, from?: number): number {
  visit(Math.floor((text.length * Math.min(search.length, text.length)) / 1_000));
  return text.lastIndexOf(search, from);
}

function joinList(list: List, separator: string): string {
  const parts = list.map(textOf);
  build(
    parts.reduce((sum, part) => sum + part.length + separator.length, 0),
    0,
  );
  return parts.join(separator);
}

function truncate(text: string, length: number): string {
  visit(Math.floor(Math.min(text.length, 2 * length) / 8));
  const characters = Array.from(text.slice(0, 2 * length + 2));
  return characters.length <= length && text.length <= 2 * length + 2 ? text : `${characters.slice(0, Math.max(0, length - 1)).join('')}…`;
}

function toInteger(text: string): number {
  const digits = /^([+-]?)0*(\d{1,40})$/.exec(text);
  if (digits && !isBeyondDouble(digits[2] ?? '')) return Number(text);
  if (digits) throw new ExpressionFault(`int() can’t represent “${text}” exactly. Keep it as text`);
  throw new ExpressionFault(`int() can’t read “${shorten(text)}” as a whole number`);
}

/** Exact as long as the number is an integer. */
function toNumber(text: string): number {
  const digits = /^[+-]?0*(\d{1,40})(?:\.0*)?$/.exec(text);
  if (digits && isBeyondDouble(digits[1] ?? '')) throw new ExpressionFault(`double() can’t represent “${text}” exactly. Keep it as text`);
  if (/^nan$/i.test(text)) return Number.NaN;
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const number = Number(text);
  if (text === '' || text !== text.trim() || Number.isNaN(number)) throw new ExpressionFault(`double() can’t read “${shorten(text)}” as a number`);
  return number;
}

function roundTo(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}

const numberIn = (item: Item, name: string): number => {
  if (typeof item === 'number') return item;
  if (typeof item === 'bigint') return Number(item);
  throw new ExpressionFault(`${name}() needs a list of numbers`);
};

function extreme(list: List, name: 'min' | 'max'): number {
  if (list.length === 0) throw new ExpressionFault(`${name}() needs a list that isn’t empty`);
  return list.map((item) => numberIn(item, name)).reduce((a, b) => Math[name](a, b));
}

const sumList = (list: List): number => list.reduce<number>((sum, item) => sum + numberIn(item, 'sum'), 0);

function sortList(list: List): List {
  visitDeep(list);
  const kinds = new Set(list.map((item) => typeof item));
  if (kinds.size > 1 || (kinds.size === 1 && !kinds.has('number') && !kinds.has('string')))
    throw new ExpressionFault('sort() needs a list of numbers or a list of texts');
  return [...list].sort((a, b) => ((a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0));
}

function uniqueItems(list: List): List {
  visitDeep(list);
  const seen = new Set<unknown>();
  return list.filter((item) => {
    const mark = typeof item === 'object' && item !== null ? jsonOf(item) : item;
    const isNew = !seen.has(mark);
    seen.add(mark);
    return isNew;
  });
}

function flattenList(list: List): List {
  const length = list.reduce<number>((sum, item) => sum + (Array.isArray(item) ? item.length : 1), 0);
  visit(length);
  return list.flat();
}

/** Unlike `orValue`, also replaces a value that is null. */
function orDefault(value: unknown, other: unknown): unknown {
  const found = value instanceof Optional ? value.orValue(null) : value;
  return found === null || found === undefined ? other : found;
}

/** This many characters of JSON take as long to parse as visiting an element. */
const PARSED_PER_VISIT = 16;

function parseJson(text: string): unknown {
  visit(Math.floor(text.length / PARSED_PER_VISIT));
  try {
    return toCel(readJson(text));
  } catch (cause) {
    throw new ExpressionFault(cause instanceof JsonLimitError ? `parseJson() got text that ${cause.message}` : 'parseJson() got text that is not JSON');
  }
}

const TEXT_FUNCTIONS: Record<string, Handler> = {
  'size_(string): double': (text: string) => countCharacters(text),
  'string.size_(): double': (text: string) => countCharacters(text),
  'string.indexOf_(string): double': (text: string, search: string) => text.indexOf(search),
  'string.indexOf_(string, double): double': (text: string, search: string, from: number) => text.indexOf(search, from),
  'string.lastIndexOf_(string): double': lastIndexOf,
  'string.lastIndexOf_(string, double): double': lastIndexOf,
  'string.matches_(string): bool': matches,
  'matches_(string, string): bool': matches,
  'string.lower(): string': (text: string) => text.toLowerCase(),
  'string.upper(): string': (text: string) => text.toUpperCase(),
  'string.replace(string, string): string': replaceAll,
  'string.substring(double): string': (text: string, from: number) => text.slice(Math.max(0, from)),
  'string.substring(double, double): string': (text: string, from: number, to: number) => text.slice(Math.max(0, from), Math.max(0, to)),
  'string.split_(string): list<string>': split,
  'string.split_(string, double): list<string>': splitAtMost,
  'string.truncate(double): string': truncate,
  'parseJson(string): dyn': parseJson,
  'timestamp(double): google.protobuf.Timestamp': (seconds: number) => new Date(seconds * 1000),
};

/** Stops one part beyond the visit limit: enough for the call to be rejected. */
function split(text: string, separator: string): List {
  return text.split(separator, MOST_VISITS + 1);
}

function splitAtMost(text: string, separator: string, limit: number): List {
  const parts = split(text, separator);
  if (limit <= 0 || parts.length <= limit) return parts;
  visit(parts.length);
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

const NUMBER_FUNCTIONS: Record<string, Handler> = {
  'int_(double): double': (value: number) => Math.trunc(value),
  'int_(int): double': (value: bigint) => Number(value),
  'int_(string): double': toInteger,
  'double_(double): double': (value: number) => value,
  'double_(int): double': (value: bigint) => Number(value),
  'double_(string): double': toNumber,
  'round(double): double': (value: number) => Math.round(value),
  'round(double, double): double': roundTo,
  'floor(double): double': (value: number) => Math.floor(value),
  'ceil(double): double': (value: number) => Math.ceil(value),
  'abs(double): double': (value: number) => Math.abs(value),
  'min(double, double): double': (a: number, b: number) => Math.min(a, b),
  'max(double, double): double': (a: number, b: number) => Math.max(a, b),
};

const LIST_FUNCTIONS: Record<string, Handler> = {
  'size_(list): double': (list: List) => list.length,
  'list.size_(): double': (list: List) => list.length,
  'list.join_(): string': (list: List) => joinList(list, ''),
  'list.join_(string): string': joinList,
  'min(list): double': (list: List) => extreme(list, 'min'),
  'max(list): double': (list: List) => extreme(list, 'max'),
  'sum(list): double': sumList,
  'list.min(): double': (list: List) => extreme(list, 'min'),
  'list.max(): double': (list: List) => extreme(list, 'max'),
  'list.sum(): double': sumList,
  'list.sort(): list': sortList,
  'list.unique(): list': uniqueItems,
  'list.reverse(): list': (list: List) => [...list].reverse(),
  'list.slice(double): list': (list: List, from: number) => list.slice(from),
  'list.slice(double, double): list': (list: List, from: number, to: number) => list.slice(from, to),
  'list.flatten(): list': flattenList,
};

const OTHER_FUNCTIONS: Record<string, Handler> = {
  'size_(map): double': (map: Map<unknown, unknown>) => map.size ?? 0,
  'map.size_(): double': (map: Map<unknown, unknown>) => map.size ?? 0,
  'size_(bytes): double': (bytes: Uint8Array) => bytes.length,
  'bytes.size_(): double': (bytes: Uint8Array) => bytes.length,
  'map.keys(): list': (map: Map<unknown, unknown>) => [...map.keys()],
  'map.values(): list': (map: Map<unknown, unknown>) => [...map.values()],
  'string(list): string': textOf,
  'string(map): string': textOf,
  'string(null): string': textOf,
  'string(google.protobuf.Timestamp): string': textOf,
  'string(google.protobuf.Duration): string': textOf,
  'toJson(dyn): string': jsonOf,
  'dyn.orDefault(dyn): dyn': orDefault,
};

const ARITHMETIC: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

/** Registers the functions and operators in an environment. */
export function registerFunctions(environment: Environment): void {
  for (const group of [TEXT_FUNCTIONS, NUMBER_FUNCTIONS, LIST_FUNCTIONS, OTHER_FUNCTIONS]) {
    for (const [signature, handler] of Object.entries(group))
      environment.registerFunction(signature, handler as (...args: unknown[]) => unknown, { async: false });
  }
  environment.registerOperator('double % double', (a: number, b: number) => a % b);
  // The parts of a time (`getHours()`) are still integers, and they mix with our doubles.
  for (const [operator, apply] of Object.entries(ARITHMETIC)) {
    environment.registerOperator(`int ${operator} double: double`, (a: bigint, b: number) => apply(Number(a), b));
    environment.registerOperator(`double ${operator} int: double`, (a: number, b: bigint) => apply(a, Number(b)));
  }
  environment.registerOperator('int == double', (a: bigint, b: number) => Number(a) === b);
}
