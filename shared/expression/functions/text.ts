import { ExpressionFault } from '../expression-fault.ts';
import { build, MOST_VISITS, visit } from '../metering/meter.ts';
import { textOf } from './convert.ts';
import { defineFunctions } from './define.ts';
import { shorten } from './shorten.ts';
import { similarity } from './similarity.ts';
import { slug } from './slug.ts';

type List = readonly unknown[];

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

function truncate(text: string, length: number): string {
  visit(Math.floor(Math.min(text.length, 2 * length) / 8));
  const characters = Array.from(text.slice(0, 2 * length + 2));
  return characters.length <= length && text.length <= 2 * length + 2 ? text : `${characters.slice(0, Math.max(0, length - 1)).join('')}…`;
}

/** Stops one part beyond the visit limit: enough for the call to be rejected. */
function split(text: string, separator: string | RegExp): List {
  return text.split(separator, MOST_VISITS + 1);
}

function splitAtMost(text: string, separator: string, limit: number): List {
  const parts = split(text, separator);
  if (limit <= 0 || parts.length <= limit) return parts;
  visit(parts.length);
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

function capitalize(text: string): string {
  const [first = ''] = text;
  return first.toUpperCase() + text.slice(first.length);
}

type Pad = (text: string, length: number, fill?: string) => string;

/** Pads by characters, not UTF-16 units. */
const padWith =
  (side: 'padStart' | 'padEnd'): Pad =>
  (text, length, fill = ' ') => {
    visit(Math.floor(text.length / 8));
    let characters = 0;
    for (const _ of text) characters++;
    const target = text.length + Math.max(0, Math.trunc(length) - characters);
    build(target, 0);
    return text[side](target, fill);
  };

const padding = (side: 'padStart' | 'padEnd') => ({
  [`string.${side}(double): string`]: padWith(side),
  [`string.${side}(double, string): string`]: padWith(side),
});

const PLACEHOLDER = /\{([A-Za-z_]\w*(?:\.\w+)*)\}/g;

function fill(text: string, values: ReadonlyMap<string, unknown>): string {
  let length = text.length;
  return text.replace(PLACEHOLDER, (_, path: string) => {
    visit(1);
    const value = textOf(valueAt(values, path));
    length += value.length;
    build(length, value.length);
    return value;
  });
}

function valueAt(values: ReadonlyMap<string, unknown>, path: string): unknown {
  let value: unknown = values;
  for (const name of path.split('.')) value = value instanceof Map ? value.get(name) : undefined;
  if (value === undefined) throw new ExpressionFault(`fill() found no value for {${shorten(path)}}`);
  return value;
}

export const textFunctions = defineFunctions('Text', [
  { signature: 'text.contains(part)', doc: 'Whether the text contains the part.', example: '"Refund, please".contains("Refund")', result: true },
  { signature: 'text.startsWith(part)', doc: 'Whether the text starts with the part.', example: '"Re: Order".startsWith("Re:")', result: true },
  { signature: 'text.endsWith(part)', doc: 'Whether the text ends with the part.', example: '"Why?".endsWith("?")', result: true },
  {
    signature: 'text.lower()',
    doc: 'The text in lowercase.',
    example: '"Hello".lower()',
    result: 'hello',
    overloads: { 'string.lower(): string': (text: string) => text.toLowerCase() },
  },
  {
    signature: 'text.upper()',
    doc: 'The text in uppercase.',
    example: '"Hello".upper()',
    result: 'HELLO',
    overloads: { 'string.upper(): string': (text: string) => text.toUpperCase() },
  },
  {
    signature: 'text.capitalize()',
    doc: 'The text with its first letter in uppercase.',
    example: '"open ticket".capitalize()',
    result: 'Open ticket',
    overloads: { 'string.capitalize(): string': capitalize },
  },
  { signature: 'text.trim()', doc: 'The text without whitespace at both ends.', example: '"  hello ".trim()', result: 'hello' },
  {
    signature: 'text.replace(part, other)',
    doc: 'The text with every occurrence of the part replaced.',
    example: '"a-b-c".replace("-", " ")',
    result: 'a b c',
    overloads: { 'string.replace(string, string): string': replaceAll },
  },
  {
    signature: 'text.split(separator)',
    doc: 'The parts between the separators, as a list. With a number as second argument, at most this many parts.',
    example: '"a,b,c".split(",")',
    result: ['a', 'b', 'c'],
    overloads: { 'string.split_(string): list<string>': split, 'string.split_(string, double): list<string>': splitAtMost },
  },
  {
    signature: 'text.lines()',
    doc: 'The lines of the text, as a list.',
    example: '"one\\ntwo".lines()',
    result: ['one', 'two'],
    overloads: { 'string.lines(): list<string>': (text: string) => split(text, /\r\n|\n|\r/) },
  },
  {
    signature: 'text.substring(from, to)',
    doc: 'The characters between two positions, without the last. The first is 0.',
    example: '"invoice".substring(0, 2)',
    result: 'in',
    overloads: {
      'string.substring(double): string': (text: string, from: number) => text.slice(Math.max(0, from)),
      'string.substring(double, double): string': (text: string, from: number, to: number) => text.slice(Math.max(0, from), Math.max(0, to)),
    },
  },
  {
    signature: 'text.indexOf(part)',
    doc: 'The position where the part starts, or -1 if it is missing. lastIndexOf finds the last one.',
    example: '"ada@example.com".indexOf("@")',
    result: 3,
    overloads: {
      'string.indexOf_(string): double': (text: string, search: string) => text.indexOf(search),
      'string.indexOf_(string, double): double': (text: string, search: string, from: number) => text.indexOf(search, from),
      'string.lastIndexOf_(string): double': lastIndexOf,
      'string.lastIndexOf_(string, double): double': lastIndexOf,
    },
  },
  {
    signature: 'text.truncate(length)',
    doc: 'The text, cut to this many characters and ending with ….',
    example: '"A long story".truncate(7)',
    result: 'A long…',
    overloads: { 'string.truncate(double): string': truncate },
  },
  {
    signature: 'text.padStart(length, fill)',
    doc: 'The text, filled up at the start to this many characters. Without the second argument, with spaces.',
    example: '"42".padStart(5, "0")',
    result: '00042',
    overloads: padding('padStart'),
  },
  {
    signature: 'text.padEnd(length, fill)',
    doc: 'The text, filled up at the end to this many characters. Without the second argument, with spaces.',
    example: '"ab".padEnd(4, ".")',
    result: 'ab..',
    overloads: padding('padEnd'),
  },
  {
    signature: 'text.fill(values)',
    doc: 'The text with each {name} replaced by that field of the object. {customer.name} reads a field within a field.',
    example: '"Hi {name}, order {order.id} shipped".fill({"name": "Ada", "order": {"id": 7}})',
    result: 'Hi Ada, order 7 shipped',
    overloads: { 'string.fill(map): string': fill },
  },
  {
    signature: 'text.slug()',
    doc: 'The text as part of a URL: lowercase, without accents, words joined by hyphens. Reads 1,000 characters.',
    example: '"Crème brûlée, twice!".slug()',
    result: 'creme-brulee-twice',
    visits: 4,
    overloads: { 'string.slug(): string': slug },
  },
  {
    signature: 'text.similarity(other)',
    doc: 'How similar two texts are, from 0 to 1, by their pairs of characters. Ignores case and whitespace.',
    example: '"Healed".similarity("sealed")',
    result: 0.8,
    visits: 2,
    overloads: { 'string.similarity(string): double': similarity },
  },
]);
