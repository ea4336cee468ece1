import { describe, expect, it } from 'vitest';
import { filtersOf, isFiltered } from './run-filters.ts';
import { readRunsSearch } from './runs-search.ts';

describe('readRunsSearch', () => {
  it('ignores unknown values, so an invalid URL still shows runs', () => {
    expect(readRunsSearch({ status: 'exploded', period: '7d', trigger: 5, run: 'r1', other: 1 })).toEqual({ period: '7d', run: 'r1' });
  });
  it('reads a label', () => expect(readRunsSearch({ label: 'tenant:acme' })).toEqual({ label: 'tenant:acme' }));
  it('reads a version that arrives as a number', () => expect(readRunsSearch({ version: 7 })).toEqual({ version: '7' }));
});

describe('filtersOf', () => {
  const now = Date.parse('2026-11-20T10:00:30.500Z');
  it('defaults to the last day', () => expect(filtersOf({}, now)).toEqual({ from: '2026-11-19T10:00:00.000Z' }));
  it('covers all time on request', () => expect(filtersOf({ period: 'all' }, now)).toEqual({}));
  it('filters by label', () => {
    expect(filtersOf({ period: 'all', label: 'tenant:acme' }, now)).toEqual({ label: 'tenant:acme' });
    expect(isFiltered({ label: 'tenant:acme' })).toBe(true);
  });
  it('stays the same within a minute', () => expect(filtersOf({}, now)).toEqual(filtersOf({}, now + 20_000)));
  it('omits the open run', () => {
    expect(filtersOf({ period: 'all', run: 'r1', workflow: 'w1', status: 'failed' }, now)).toEqual({ workflowId: 'w1', status: 'failed' });
    expect(isFiltered({ run: 'r1' })).toBe(false);
    expect(isFiltered({ status: 'failed' })).toBe(true);
  });
});
