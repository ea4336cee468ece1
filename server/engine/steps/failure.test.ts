import { AppError } from '@switchyard/shared/errors.ts';
import type { StepState } from '@switchyard/shared/run/state.ts';
import { expect, it } from 'vitest';
import type { PlanNode } from '../plan.ts';
import { backoffMs, mayRetry } from './failure.ts';

const node = { policy: { retry: { max: 5, backoffMs: 1_000, factor: 2, jitter: 0.5 } } } as PlanNode;
const failed = new AppError('unexpected-status');

it('waits longer after each attempt, with jitter', () => {
  expect([0, 1, 2].map((failures) => backoffMs(node, failures, failed, 0))).toEqual([1_000, 2_000, 4_000]);
  expect([0, 1, 2].map((failures) => backoffMs(node, failures, failed, 1))).toEqual([500, 1_000, 2_000]);
});

it('waits at least as long as the server asks, and at most a day', () => {
  expect(backoffMs(node, 0, new AppError('unexpected-status', '429', { retryAfterMs: 60_000 }), 0.5)).toBe(60_000);
  expect(backoffMs(node, 0, new AppError('unexpected-status', '429', { retryAfterMs: 1e18 }), 0.5)).toBe(86_400_000);
});

it('never retries a for-each step whose items have run', () => {
  const step = { attempts: [] as StepState['attempts'] } as StepState;
  expect(mayRetry(node, step, new AppError('node-failed'), 'pure')).toBe(true);
  expect(mayRetry(node, { ...step, items: { count: 1, succeeded: 1, failed: 0, open: 0, failures: [] } }, new AppError('node-failed'), 'pure')).toBe(false);
});
