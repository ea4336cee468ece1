import { describe, expect, it } from 'vitest';
import { filtersOf, isFiltered } from './run-filters.ts';
import { readRunsSearch } from './runs-search.ts';

describe('readRunsSearch', () => {
  it('leaves out what it does not know, so that a wrong address still shows runs', () => {
    expect(readRunsSearch({ status: 'exploded', period: '7d', trigger: 5, run: 'r1', other: 1 })).toEqual({ period: '7d', run: 'r1' });
  });
  it('reads a label', () => expect(readRunsSearch({ label: 'tenant:acme' })).toEqual({ label: 'tenant:acme' }));
  it('reads a version that came as a number', () => expect(readRunsSearch({ version: 7 })).toEqual({ version: '7' }));
});

describe('filtersOf', () => {
  const now = Date.parse('2026-11-20T10:00:30.500Z');
  it('asks for the last day by itself', () => expect(filtersOf({}, now)).toEqual({ from: '2026-11-19T10:00:00.000Z' }));
  it('asks for everything when told so', () => expect(filtersOf({ period: 'all' }, now)).toEqual({}));
  it('asks for the runs with a label', () => {
    expect(filtersOf({ period: 'all', label: 'tenant:acme' }, now)).toEqual({ label: 'tenant:acme' });
    expect(isFiltered({ label: 'tenant:acme' })).toBe(true);
  });
  it('asks the same within a minute', () => expect(filtersOf({}, now)).toEqual(filtersOf({}, now + 20_000)));
  it('does not send which run is open', () => {
    expect(filtersOf({ period: 'all', run: 'r1', workflow: 'w1', status: 'failed' }, now)).toEqual({ workflowId: 'w1', status: 'failed' });
    expect(isFiltered({ run: 'r1' })).toBe(false);
    expect(isFiltered({ status: 'failed' })).toBe(true);
  });
});
