import { expect, it } from 'vitest';
import { nestsDeeperThan } from './json.ts';

/** Objects and lists nested this deep. */
const nested = (levels: number): unknown => JSON.parse('{"a":['.repeat(levels / 2) + ']}'.repeat(levels / 2));

it('accepts values of a hundred levels, and no deeper ones, however deep', () => {
  expect([null, 'text', [], nested(100)].map((value) => nestsDeeperThan(100, value))).toEqual([false, false, false, false]);
  expect([nested(102), nested(200_000)].map((value) => nestsDeeperThan(100, value))).toEqual([true, true]);
});
