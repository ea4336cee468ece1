import { expect, it } from 'vitest';
import { cellText, readCell } from './cell.ts';
import { readCondition } from './row-filter.ts';
import type { ColumnType } from './table.ts';

it.each<[ColumnType, unknown, unknown]>([
  ['text', 7, '7'],
  ['text', ' a ', ' a '],
  ['text', '', null],
  ['number', ' -1.5e2 ', -150],
  ['number', 0, 0],
  ['boolean', 'Yes', true],
  ['boolean', 0, false],
  ['date', '2027-01-31', '2027-01-31'],
  ['date', '2027-01-31 10:00+02:00', '2027-01-31T08:00:00.000Z'],
  ['json', { a: [1] }, { a: [1] }],
])('a cell of type %s reads %j as %j', (type, given, value) => {
  expect(readCell(type, given)).toEqual({ value });
});

it.each<[ColumnType, unknown, string]>([
  ['text', { a: 1 }, 'text'],
  ['number', '1,5', 'a number'],
  ['number', '12345678901234567890', '2^53'],
  ['number', 'Infinity', 'a number'],
  ['boolean', 'maybe', 'yes or no'],
  ['date', '2027-02-30', 'a day that exists'],
  ['date', '31.01.2027', 'a date such as'],
  ['date', '2027-01-31T10:00', 'a date such as'],
])('a cell of type %s rejects %j', (type, given, message) => {
  expect(readCell(type, given)).toMatchObject({ problem: expect.stringContaining(message) });
});

it('reads back a cell from its text', () => {
  for (const [type, value] of [['json', [1, { a: null }]] as const, ['number', -0.5] as const, ['boolean', false] as const]) {
    const text = cellText(value);
    expect(readCell(type, type === 'json' ? JSON.parse(text) : text)).toEqual({ value });
  }
});

it('reads a condition by the type of its column, and says what does not fit', () => {
  const column = { id: 'c1', name: 'Amount', type: 'number' as const, isKey: false };
  expect(readCondition({ column: 'Amount', is: 'above', value: '5' }, column)).toEqual({ column, is: 'above', value: 5 });
  expect(readCondition({ column: 'Amount', is: 'equal', value: '' }, column)).toEqual({ column, is: 'empty' });
  expect(readCondition({ column: 'Amount', is: 'above', value: null }, column)).toMatchObject({ problem: expect.stringContaining('empty value') });
  expect(readCondition({ column: 'Amount', is: 'contains', value: 'x' }, column)).toMatchObject({ problem: expect.stringContaining('“contains”') });
});
