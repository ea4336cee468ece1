import { ExpressionFault } from '../expression-fault.ts';
import { defineFunctions } from './define.ts';

function roundTo(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}

/** A number in a list. Parts of a time are still integers. */
export function numberIn(item: unknown, name: string): number {
  if (typeof item === 'number') return item;
  if (typeof item === 'bigint') return Number(item);
  throw new ExpressionFault(`${name}() needs a list of numbers`);
}

type List = readonly unknown[];

function extreme(list: List, name: 'min' | 'max'): number {
  if (list.length === 0) throw new ExpressionFault(`${name}() needs a list that isn’t empty`);
  return list.map((item) => numberIn(item, name)).reduce((a, b) => Math[name](a, b));
}

const smallest = (list: List): number => extreme(list, 'min');
const largest = (list: List): number => extreme(list, 'max');
const sumList = (list: List): number => list.reduce<number>((sum, item) => sum + numberIn(item, 'sum'), 0);

function average(list: List): number {
  if (list.length === 0) throw new ExpressionFault('average() needs a list that isn’t empty');
  return list.reduce<number>((sum, item) => sum + numberIn(item, 'average'), 0) / list.length;
}

export const numberFunctions = defineFunctions('Numbers', [
  {
    signature: 'sum(list)',
    doc: 'The sum of the numbers in the list.',
    example: 'sum([1, 2, 3])',
    result: 6,
    overloads: { 'sum(list): double': sumList, 'list.sum(): double': sumList },
  },
  {
    signature: 'average(list)',
    doc: 'The average of the numbers in the list.',
    example: 'average([1, 2, 6])',
    result: 3,
    overloads: { 'average(list): double': average, 'list.average(): double': average },
  },
  {
    signature: 'min(list)',
    doc: 'The smallest number in the list. Also min(a, b).',
    example: 'min([3, 1, 2])',
    result: 1,
    overloads: { 'min(list): double': smallest, 'list.min(): double': smallest, 'min(double, double): double': (a: number, b: number) => Math.min(a, b) },
  },
  {
    signature: 'max(list)',
    doc: 'The largest number in the list. Also max(a, b).',
    example: 'max([3, 1, 2])',
    result: 3,
    overloads: { 'max(list): double': largest, 'list.max(): double': largest, 'max(double, double): double': (a: number, b: number) => Math.max(a, b) },
  },
  {
    signature: 'round(number, digits)',
    doc: 'The number rounded to this many decimal places. Without the second argument, a whole number.',
    example: 'round(2.345, 1)',
    result: 2.3,
    overloads: { 'round(double): double': (value: number) => Math.round(value), 'round(double, double): double': roundTo },
  },
  {
    signature: 'floor(number)',
    doc: 'The number rounded down to a whole number.',
    example: 'floor(2.7)',
    result: 2,
    overloads: { 'floor(double): double': (value: number) => Math.floor(value) },
  },
  {
    signature: 'ceil(number)',
    doc: 'The number rounded up to a whole number.',
    example: 'ceil(2.1)',
    result: 3,
    overloads: { 'ceil(double): double': (value: number) => Math.ceil(value) },
  },
  {
    signature: 'abs(number)',
    doc: 'The absolute value.',
    example: 'abs(-2)',
    result: 2,
    overloads: { 'abs(double): double': (value: number) => Math.abs(value) },
  },
]);
