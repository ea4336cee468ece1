import { AppError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { asNumber, asText } from '../sdk/as-value.ts';

/** How a rule compares, with its sign on the card. */
export const OPERATORS = {
  is: 'is',
  'is-not': 'is not',
  contains: 'contains',
  'not-contains': 'does not contain',
  'starts-with': 'starts with',
  'ends-with': 'ends with',
  'one-of': 'is one of',
  gt: '>',
  gte: '≥',
  lt: '<',
  lte: '≤',
  true: 'is true',
  false: 'is false',
  empty: 'is empty',
  'not-empty': 'is not empty',
  exists: 'exists',
  'not-exists': 'does not exist',
} as const;
export type Operator = keyof typeof OPERATORS;
export const operators = Object.keys(OPERATORS) as [Operator, ...Operator[]];

const WITHOUT_VALUE: readonly Operator[] = ['true', 'false', 'empty', 'not-empty', 'exists', 'not-exists'];
/** Operators that compare with a value. */
export const comparing = operators.filter((operator) => !WITHOUT_VALUE.includes(operator));

/** Equal, if one side was typed by hand: `"3"` is the number 3, `"true"` is true. Text comparison is case-sensitive. */
function same(left: unknown, right: unknown): boolean {
  if (typeof left === 'number') return left === asNumber(right);
  if (typeof left === 'object' && left !== null) return JSON.stringify(left) === (typeof right === 'string' ? right : JSON.stringify(right));
  return asText(left) === asText(right);
}

const holds = (whole: unknown, part: unknown): boolean =>
  Array.isArray(whole)
    ? whole.some((item) => same(item, part))
    : isPlainObject(whole)
      ? Object.hasOwn(whole, asText(part))
      : asText(whole).includes(asText(part));

const listOf = (value: unknown): unknown[] =>
  Array.isArray(value)
    ? value
    : asText(value)
        .split(',')
        .map((item) => item.trim());

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0) ||
  (isPlainObject(value) && Object.keys(value).length === 0);

function ordered(left: unknown, operator: Operator, right: unknown, compare: (a: number, b: number) => boolean): boolean {
  const [a, b] = [asNumber(left), asNumber(right)];
  if (a === undefined || b === undefined) {
    const [wrong, side] = a === undefined ? [left, 'The field'] : [right, 'The value'];
    throw new AppError('node-failed', `${side} of a rule with ${OPERATORS[operator]} must be a number, but evaluated to “${asText(wrong).slice(0, 100)}”.`);
  }
  return compare(a, b);
}

const tests: Readonly<Record<Operator, (left: unknown, right: unknown) => boolean>> = {
  is: same,
  'is-not': (left, right) => !same(left, right),
  contains: holds,
  'not-contains': (left, right) => !holds(left, right),
  'starts-with': (left, right) => asText(left).startsWith(asText(right)),
  'ends-with': (left, right) => asText(left).endsWith(asText(right)),
  'one-of': (left, right) => listOf(right).some((item) => same(left, item)),
  gt: (left, right) => ordered(left, 'gt', right, (a, b) => a > b),
  gte: (left, right) => ordered(left, 'gte', right, (a, b) => a >= b),
  lt: (left, right) => ordered(left, 'lt', right, (a, b) => a < b),
  lte: (left, right) => ordered(left, 'lte', right, (a, b) => a <= b),
  true: (left) => left === true || left === 'true',
  false: (left) => left === false || left === 'false',
  empty: isEmpty,
  'not-empty': (left) => !isEmpty(left),
  exists: (left) => left !== undefined,
  'not-exists': (left) => left === undefined,
};

/**
 * Whether a rule is true. `undefined` on the left is a missing field. Throws AppError `node-failed` if a number is required and missing.
 */
export const ruleHolds = (left: unknown, operator: Operator, right: unknown): boolean => tests[operator](left, right);
