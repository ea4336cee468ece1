import { expect, it } from 'vitest';
import { placeAfter } from './grid-keys.ts';

const SIZE = { rows: 30, columns: 4 };
const press = (key: string, ctrlKey = false) => placeAfter({ key, ctrlKey, metaKey: false }, { row: 5, column: 2 }, SIZE);

it.each([
  ['ArrowUp', { row: 4, column: 2 }],
  ['ArrowRight', { row: 5, column: 3 }],
  ['PageUp', { row: 0, column: 2 }],
  ['PageDown', { row: 25, column: 2 }],
  ['Home', { row: 5, column: 0 }],
  ['End', { row: 5, column: 3 }],
  ['a', undefined],
])('%s leads to %j', (key, place) => {
  expect(press(key)).toEqual(place);
});

it('Control leads to the corners', () => {
  expect([press('Home', true), press('End', true)]).toEqual([
    { row: 0, column: 0 },
    { row: 29, column: 3 },
  ]);
});
