import { z } from 'zod';
import { readCell } from './cell.ts';
import type { Column, ColumnType } from './table.ts';

/* Which rows of a table are meant: conditions on columns, by name. */

export const ROW_TESTS = {
  equal: 'is',
  'not-equal': 'is not',
  contains: 'contains',
  'starts-with': 'starts with',
  above: '>',
  'at-least': '≥',
  below: '<',
  'at-most': '≤',
  empty: 'is empty',
  filled: 'is not empty',
} as const;
export type RowTest = keyof typeof ROW_TESTS;
export const rowTests = Object.keys(ROW_TESTS) as [RowTest, ...RowTest[]];

/** Tests that need a value. */
export const comparingTests: readonly RowTest[] = rowTests.filter((test) => test !== 'empty' && test !== 'filled');

const TEXT_ONLY: readonly RowTest[] = ['contains', 'starts-with'];
const EQUALITY: readonly RowTest[] = ['equal', 'not-equal', 'empty', 'filled'];

/** The tests that a column of this type has. */
export function testsOf(type: ColumnType): readonly RowTest[] {
  if (type === 'json') return ['empty', 'filled'];
  if (type === 'boolean') return EQUALITY;
  return type === 'text' ? rowTests : rowTests.filter((test) => !TEXT_ONLY.includes(test));
}

export const MOST_CONDITIONS = 20;

export const rowConditionSchema = z.strictObject({ column: z.string().max(60), is: z.enum(rowTests), value: z.unknown().optional() });
export type RowCondition = z.infer<typeof rowConditionSchema>;

export const rowFilterSchema = z.strictObject({
  match: z.enum(['all', 'any']).default('all'),
  conditions: z.array(rowConditionSchema).max(MOST_CONDITIONS).default([]),
});
export type RowFilter = z.output<typeof rowFilterSchema>;

export const rowSortSchema = z.strictObject({ column: z.string().max(60), descending: z.boolean().default(false) });
export type RowSort = z.output<typeof rowSortSchema>;

/** A condition on a column that exists, with a value of its type. */
export interface ReadCondition {
  readonly column: Column;
  readonly is: RowTest;
  readonly value?: string | number | boolean;
}

/** Reads a condition. Throws text that says what is wrong. */
export function readCondition({ is, value }: RowCondition, column: Column): ReadCondition | { readonly problem: string } {
  if (!testsOf(column.type).includes(is)) return { problem: `can’t be compared with “${ROW_TESTS[is]}”, because its type is ${TYPE_LABELS[column.type]}` };
  if (!comparingTests.includes(is)) return { column, is };
  const cell = readCell(TEXT_ONLY.includes(is) ? 'text' : column.type, value);
  if ('problem' in cell) return { problem: `is compared with a value that ${cell.problem}` };
  // To be equal to nothing is to be empty.
  if (cell.value === null && (is === 'equal' || is === 'not-equal')) return { column, is: is === 'equal' ? 'empty' : 'filled' };
  if (cell.value === null) return { problem: `is compared with an empty value. Use “${ROW_TESTS.empty}”` };
  return { column, is, value: cell.value as string | number | boolean };
}

export const TYPE_LABELS: Readonly<Record<ColumnType, string>> = { text: 'text', number: 'number', boolean: 'yes/no', date: 'date', json: 'JSON' };
