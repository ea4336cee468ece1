import type { ColumnType } from './table.ts';

/*
 * The value of a cell from what a step, a person, or a CSV file gives. Pure. Empty text is an empty cell, in every type.
 */

export type ReadCell = { readonly value: unknown } | { readonly problem: string };

const EMPTY = { value: null } as const;
const YES = new Set(['true', 'yes', 'y', '1']);
const NO = new Set(['false', 'no', 'n', '0']);
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/i;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The cell of a value in a column of this type. */
export function readCell(type: ColumnType, given: unknown): ReadCell {
  if (given === null || given === undefined || given === '') return EMPTY;
  switch (type) {
    case 'text':
      return readText(given);
    case 'number':
      return readNumber(given);
    case 'boolean':
      return readBoolean(given);
    case 'date':
      return readDate(given);
    case 'json':
      return { value: given };
  }
}

const problemOf = (given: unknown, must: string): ReadCell => ({ problem: `is ${shown(given)}, but must be ${must}` });

function shown(given: unknown): string {
  const text = typeof given === 'string' ? given : (JSON.stringify(given) ?? String(given));
  return `“${text.length > 60 ? `${text.slice(0, 60)}…` : text}”`;
}

function readText(given: unknown): ReadCell {
  if (typeof given === 'string') return { value: given };
  return typeof given === 'object' ? problemOf(given, 'text') : { value: String(given) };
}

function readNumber(given: unknown): ReadCell {
  const text = typeof given === 'string' ? given.trim() : undefined;
  if (text === '') return EMPTY;
  const number = text === undefined ? given : NUMBER.test(text) ? Number(text) : undefined;
  if (typeof number !== 'number' || !Number.isFinite(number)) return problemOf(given, 'a number');
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) return problemOf(given, 'a number below 2^53. Store larger ones in a text column');
  return { value: number + 0 };
}

function readBoolean(given: unknown): ReadCell {
  if (typeof given === 'boolean') return { value: given };
  const text = typeof given === 'object' ? '' : String(given).trim().toLowerCase();
  if (YES.has(text)) return { value: true };
  return NO.has(text) ? { value: false } : problemOf(given, 'yes or no');
}

/** A day as it is, a time in UTC: so text order is the order in time. */
function readDate(given: unknown): ReadCell {
  const text = typeof given === 'string' ? given.trim() : '';
  const at = DAY.test(text) || MOMENT.test(text) ? new Date(text.replace(' ', 'T')) : undefined;
  if (!at || Number.isNaN(at.getTime())) return problemOf(given, 'a date such as 2027-01-31, or a time such as 2027-01-31T09:00:00Z');
  if (!DAY.test(text)) return { value: at.toISOString() };
  return at.toISOString().startsWith(text) ? { value: text } : problemOf(given, 'a day that exists');
}

/** A cell as text, for CSV and for the page. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
