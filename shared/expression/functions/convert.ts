import { isBeyondDouble } from '../../json.ts';
import { ExpressionFault } from '../expression-fault.ts';
import { visitDeep } from '../metering/visit-deep.ts';
import { readPlain, toText } from '../to-plain.ts';
import { defineFunctions } from './define.ts';
import { shorten } from './shorten.ts';

/** Any value as text, as in a template. */
export function textOf(value: unknown): string {
  visitDeep(value);
  return toText(readPlain(value));
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

export const conversionFunctions = defineFunctions('Conversion', [
  {
    signature: 'string(value)',
    doc: 'Any value as text. Objects and lists become JSON.',
    example: 'string([1, 2])',
    result: '[1,2]',
    visits: 2,
    overloads: {
      'string(list): string': textOf,
      'string(map): string': textOf,
      'string(null): string': textOf,
      'string(google.protobuf.Timestamp): string': textOf,
      'string(google.protobuf.Duration): string': textOf,
    },
  },
  {
    signature: 'int(value)',
    doc: 'The whole number in a text, or a number without its decimal places.',
    example: 'int("42")',
    result: 42,
    overloads: {
      'int_(double): double': (value: number) => Math.trunc(value),
      'int_(int): double': (value: bigint) => Number(value),
      'int_(string): double': toInteger,
    },
  },
  {
    signature: 'double(text)',
    doc: 'The number in a text.',
    example: 'double("4.5")',
    result: 4.5,
    overloads: {
      'double_(double): double': (value: number) => value,
      'double_(int): double': (value: bigint) => Number(value),
      'double_(string): double': toNumber,
    },
  },
  {
    signature: 'type(value)',
    doc: 'The type of a value, to compare with string, double, bool, list, or map.',
    example: 'type("a") == string',
    result: true,
  },
]);
