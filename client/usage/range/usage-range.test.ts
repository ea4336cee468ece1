import { expect, test } from 'vitest';
import { bucketWords, MOST_DAYS, periodBefore, usageRange } from './usage-range.ts';
import { readUsageSearch } from './usage-search.ts';

const NOW = Date.parse('2026-11-24T15:30:00.000Z');

test('the default range is the last 14 days, today included', () => {
  const range = usageRange({}, NOW);
  expect(range).toMatchObject({ from: '2026-11-11T00:00:00.000Z', bucket: 'day', title: '11 to 24 Nov', span: 'in 14 days' });
  expect(range.starts).toHaveLength(14);
  expect(range.starts.at(-1)).toBe('2026-11-24T00:00:00.000Z');
  expect(range.to).toBeUndefined();
});

test('24 hours are drawn by hour', () => {
  const { from, bucket, starts } = usageRange({ period: '24h' }, NOW);
  expect([from, bucket, starts.length, starts.at(-1)]).toEqual(['2026-11-23T16:00:00.000Z', 'hour', 24, '2026-11-24T15:00:00.000Z']);
  expect(bucketWords('2026-11-24T15:00:00.000Z', 'hour')).toBe('15:00');
});

test('a custom range includes its last day, and is bounded', () => {
  expect(usageRange({ from: '2026-10-30', to: '2026-11-02' }, NOW)).toMatchObject({
    from: '2026-10-30T00:00:00.000Z',
    to: '2026-11-02T23:59:59.999Z',
    title: '30 Oct to 2 Nov',
    span: 'in 4 days',
  });
  expect(usageRange({ from: '2026-11-02', to: '2026-11-02' }, NOW)).toMatchObject({ title: '2 Nov', span: 'in 1 day' });
  expect(usageRange({ from: '2001-01-01', to: '2026-11-02' }, NOW).starts).toHaveLength(MOST_DAYS);
});

test('the period before a range is as long as what has passed of it', () => {
  const before = (search: Parameters<typeof usageRange>[0]) => periodBefore(usageRange(search, NOW), NOW);
  expect(before({})).toEqual({ from: '2026-10-28T00:00:00.000Z', to: '2026-11-10T15:34:59.999Z' });
  expect(before({ period: '24h' })).toEqual({ from: '2026-11-22T16:00:00.000Z', to: '2026-11-23T15:34:59.999Z' });
  expect(before({ from: '2026-10-30', to: '2026-11-02' })).toEqual({ from: '2026-10-26T00:00:00.000Z', to: '2026-10-29T23:59:59.999Z' });
  expect(before({ from: '2026-11-24', to: '2026-11-25' })).toEqual({ from: '2026-11-22T00:00:00.000Z', to: '2026-11-22T15:34:59.999Z' });
});

test('a URL is read without its invalid values', () => {
  expect(readUsageSearch({ by: 'route', period: '7d' })).toEqual({ by: 'route', period: '7d' });
  expect(readUsageSearch({ by: 'color', period: '1y', from: '2026-11-03', to: '2026-11-01' })).toEqual({});
  expect(readUsageSearch({ period: '7d', from: '2026-11-01', to: '2026-11-03' })).toEqual({ from: '2026-11-01', to: '2026-11-03' });
  expect(readUsageSearch({ from: '2026-13-45', to: '2026-13-46' })).toEqual({});
  expect(readUsageSearch({ tenant: 'acme', workflow: 42, model: '', route: ['fast'], prompt: 'x'.repeat(301), color: 'red' })).toEqual({
    tenant: 'acme',
    workflow: '42',
  });
});
