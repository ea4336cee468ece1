import { describe, expect, test } from 'vitest';
import { applyStateChange, type StateChange } from './state-change.ts';

const of = (value: unknown, expiresAt: string | null = null) => ({ value, expiresAt });
const apply = (before: ReturnType<typeof of> | undefined, change: StateChange) => applyStateChange(before, 'count', change);

describe('a change of a stored value', () => {
  test('counts from zero, and only numbers', () => {
    expect(apply(undefined, { operation: 'increment', by: 2 }).result).toEqual({ value: 2, found: false, changed: true });
    expect(apply(of(2), { operation: 'increment', by: -3 }).result.value).toBe(-1);
    expect(() => apply(of('2'), { operation: 'increment', by: 1 })).toThrow('“count” is not a number');
    expect(() => apply(of(Number.MAX_VALUE), { operation: 'increment', by: Number.MAX_VALUE })).toThrow('too large');
  });

  test('keeps the last items of a list', () => {
    expect(apply(of([1, 2]), { operation: 'append', value: 3, keep: 2 }).after?.value).toEqual([2, 3]);
    expect(apply(undefined, { operation: 'append', value: 3, keep: 2 }).after?.value).toEqual([3]);
    expect(() => apply(of({}), { operation: 'append', value: 3, keep: 2 })).toThrow('“count” is not a list');
  });

  test('compares values as JSON, and a missing one as null', () => {
    const swap = (expected: unknown): StateChange => ({ operation: 'compare-and-set', expected, value: 'new' });
    expect(apply(undefined, swap(null)).result).toEqual({ value: 'new', found: false, changed: true });
    expect(apply(of({ a: 1, b: 2 }), swap({ b: 2, a: 1 })).result.changed).toBe(true);
    expect(apply(of(1), swap(2))).toEqual({ after: of(1), result: { value: 1, found: true, changed: false } });
  });

  test('remembers a key until its time is over', () => {
    const see = (at: string): StateChange => ({ operation: 'remember', at, until: `${at} + 1` });
    const first = apply(undefined, see('2026-01-01'));
    expect(first).toEqual({ after: of('2026-01-01', '2026-01-01 + 1'), result: { value: '2026-01-01', found: false, changed: true } });
    expect(apply(of('2026-01-01', '2026-01-02'), see('2026-01-01T12')).result).toMatchObject({ found: true, changed: false });
    expect(apply(of('2026-01-01', '2026-01-02'), see('2026-01-02')).result).toMatchObject({ found: false, changed: true });
  });

  test('deletes', () => {
    expect(apply(of(1), { operation: 'delete' })).toEqual({ after: undefined, result: { value: null, found: true, changed: true } });
    expect(apply(undefined, { operation: 'delete' }).result.changed).toBe(false);
  });
});
