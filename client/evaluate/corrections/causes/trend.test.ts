import type { CauseGroup } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { expect, test } from 'vitest';
import { ratesOf, trendOf } from './trend.ts';

const cause = (...byBucket: number[]) => ({ cause: 'data' as CauseGroup, count: byBucket.reduce((sum, one) => sum + one, 0), confirmed: 0, byBucket });
const buckets = (...reviewed: number[]) => reviewed.map((count) => ({ from: '2026-01-01T00:00:00.000Z', reviewed: count }));

test('a rate has no value where nothing was reviewed', () => {
  expect(ratesOf(cause(0, 3), buckets(0, 12))).toEqual([null, 0.25]);
});

test('a change is told only if it is more than chance, and only with enough reviews', () => {
  expect(trendOf(cause(1, 9), buckets(19, 100))).toEqual({ kind: 'few', reviewed: 39, wanted: 40 });
  expect(trendOf(cause(10, 12), buckets(100, 100))).toEqual({ kind: 'steady' });
  expect(trendOf(cause(10, 30), buckets(100, 100))).toEqual({ kind: 'changed', points: expect.closeTo(20, 6) });
  expect(trendOf(cause(30, 0, 5), buckets(100, 50, 50))).toMatchObject({ kind: 'changed', points: expect.closeTo(-25, 6) });
});
