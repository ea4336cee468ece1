import { Optional } from '@marcbachmann/cel-js';
import { ExpressionFault } from '../expression-fault.ts';
import { build, visit } from '../metering/meter.ts';
import { visitDeep } from '../metering/visit-deep.ts';
import { textOf } from './convert.ts';
import { defineFunctions } from './define.ts';
import { jsonOf } from './formats.ts';

type List = readonly unknown[];

function joinList(list: List, separator = ''): string {
  const parts = list.map(textOf);
  build(
    parts.reduce((sum, part) => sum + part.length + separator.length, 0),
    0,
  );
  return parts.join(separator);
}

/** The order of values, which must all be numbers or all be texts. */
export function compareKeys(values: List, called: string): (a: unknown, b: unknown) => number {
  const kinds = new Set(values.map((value) => typeof value));
  if (kinds.size > 1 || (kinds.size === 1 && !kinds.has('number') && !kinds.has('string')))
    throw new ExpressionFault(
      called === 'sort' ? 'sort() needs a list of numbers or a list of texts' : `${called}() needs a number for each item, or a text for each`,
    );
  return (a, b) => ((a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0);
}

function sortList(list: List): List {
  visitDeep(list);
  return [...list].sort(compareKeys(list, 'sort'));
}

/** Equal for equal values. */
export const markOf = (value: unknown): unknown => (typeof value === 'object' && value !== null ? jsonOf(value) : value);

function uniqueItems(list: List): List {
  visitDeep(list);
  const seen = new Set<unknown>();
  return list.filter((item) => {
    const mark = markOf(item);
    return !seen.has(mark) && seen.add(mark);
  });
}

function flattenList(list: List): List {
  const length = list.reduce<number>((sum, item) => sum + (Array.isArray(item) ? item.length : 1), 0);
  visit(length);
  return list.flat();
}

const zip = (list: List, other: List): List => list.slice(0, other.length).map((item, at) => [item, other[at]]);

function chunk(list: List, size: number): List {
  if (!(size >= 1)) throw new ExpressionFault('chunk() needs a size of at least 1');
  const step = Math.floor(size);
  return Array.from({ length: Math.ceil(list.length / step) }, (_, at) => list.slice(at * step, (at + 1) * step));
}

function range(end: number): List {
  visit(Math.max(0, Math.ceil(end)));
  return Array.from({ length: Math.max(0, Math.ceil(end)) }, (_, at) => at);
}

const itemAt = (list: List, at: number): Optional => (list.length === 0 ? Optional.none() : Optional.of(list.at(at)));

export const listFunctions = defineFunctions('Lists', [
  {
    signature: 'list.join(separator)',
    doc: 'The items joined into one text.',
    example: '["a", "b"].join(", ")',
    result: 'a, b',
    overloads: { 'list.join_(): string': (list: List) => joinList(list), 'list.join_(string): string': joinList },
  },
  {
    signature: 'list.sort()',
    doc: 'Numbers or texts in ascending order.',
    example: '[3, 1, 2].sort()',
    result: [1, 2, 3],
    overloads: { 'list.sort(): list': sortList },
  },
  {
    signature: 'list.unique()',
    doc: 'The list without duplicates.',
    example: '["a", "b", "a"].unique()',
    result: ['a', 'b'],
    overloads: { 'list.unique(): list': uniqueItems },
  },
  {
    signature: 'list.reverse()',
    doc: 'The list in reverse order.',
    example: '[1, 2, 3].reverse()',
    result: [3, 2, 1],
    overloads: { 'list.reverse(): list': (list: List) => [...list].reverse() },
  },
  {
    signature: 'list.slice(from, to)',
    doc: 'The items between two positions, without the last. The first is 0.',
    example: '["a", "b", "c"].slice(0, 2)',
    result: ['a', 'b'],
    overloads: {
      'list.slice(double): list': (list: List, from: number) => list.slice(from),
      'list.slice(double, double): list': (list: List, from: number, to: number) => list.slice(from, to),
    },
  },
  {
    signature: 'list.flatten()',
    doc: 'A list of lists as one list.',
    example: '[[1], [2, 3]].flatten()',
    result: [1, 2, 3],
    overloads: { 'list.flatten(): list': flattenList },
  },
  {
    signature: 'list.first()',
    doc: 'The first item. Missing if the list is empty.',
    example: '[1, 2].first().orValue(0)',
    result: 1,
    overloads: { 'list.first(): optional<dyn>': (list: List) => itemAt(list, 0) },
  },
  {
    signature: 'list.last()',
    doc: 'The last item. Missing if the list is empty.',
    example: '[].last().orValue(0)',
    result: 0,
    overloads: { 'list.last(): optional<dyn>': (list: List) => itemAt(list, -1) },
  },
  {
    signature: 'list.zip(other)',
    doc: 'Pairs of the items at the same position, as many as the shorter list has.',
    example: '["a", "b"].zip([1, 2])',
    result: [
      ['a', 1],
      ['b', 2],
    ],
    overloads: { 'list.zip(list): list': zip },
  },
  {
    signature: 'list.chunk(size)',
    doc: 'The items in lists of this size. The last one may be shorter.',
    example: '[1, 2, 3].chunk(2)',
    result: [[1, 2], [3]],
    overloads: { 'list.chunk(double): list': chunk },
  },
  {
    signature: 'range(end)',
    doc: 'The whole numbers from 0 up to, but not including, the end.',
    example: 'range(3)',
    result: [0, 1, 2],
    overloads: { 'range(double): list': range },
  },
]);
