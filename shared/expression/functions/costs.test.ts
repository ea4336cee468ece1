import { describe, expect, it } from 'vitest';
import { compileCel } from '../cel.ts';
import { createScope } from '../create-scope.ts';

const evaluate = (source: string, input: unknown): unknown =>
  compileCel(source).evaluate(createScope({ trigger: {}, input, steps: {}, previous: {}, round: 1, vars: {}, run: {} }));
const exhausted = 'The expression reads more than 100,000 elements.';
const many: readonly number[] = Array(10_000).fill(0);

describe('the cost of functions (S25)', () => {
  it.each([
    ['arithmetic with times', 'timestamp(0).add(1, "day")'],
    ['times in time zones', 'timestamp(0).startOf("day", "Europe/Berlin")'],
    ['names in formats', 'timestamp(0).format("EEEE d MMMM")'],
    ['formats in time zones', 'timestamp(0).format("HH", "Asia/Tokyo")'],
    ['parsed times', 'parseDate("2026-01-31")'],
    ['time zones that don’t exist', 'timestamp(0).format("HH", "Mars/" + string(x)) == "" || true'],
    ['formatted durations', 'duration("1h").format("h:mm")'],
  ])('stops %s in a loop', (_what, source) => {
    expect(() => evaluate(`input.map(x, ${source}).size()`, many)).toThrow(exhausted);
  });
});
