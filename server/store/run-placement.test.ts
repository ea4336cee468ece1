import { expect, test } from 'vitest';
import { queueKey, unplaced } from './run-placement.ts';

const run = (id: string, more: object = {}) => ({ id, workflowId: 'wf', labels: {}, createdAt: '2026-01-01T00:00:00.000Z', ...more });

test('sorts queued runs by priority, workflow, tenant, and age', () => {
  const inOrder = [
    queueKey(run('d', { createdAt: '2027-01-01T00:00:00.000Z', workflowId: 'z' }), 0),
    queueKey(run('c', { labels: { tenant: 'acme' } }), 1),
    queueKey(run('b'), 1),
    queueKey(run('a', { createdAt: '2026-01-02T00:00:00.000Z' }), 1),
    queueKey(run('e'), 2),
  ];
  expect([...inOrder].sort()).toEqual(inOrder);
  expect(inOrder[1]).toBe('1|wf|acme|2026-01-01T00:00:00.000Z|c');
});

test('keeps the parts of a key apart, whatever a tenant is called', () => {
  expect(queueKey(run('a', { labels: { tenant: `x|y${'z'.repeat(200)}` } }), 1)).toBe(`1|wf|xy${'z'.repeat(98)}|2026-01-01T00:00:00.000Z|a`);
});

test('takes a run that waits or has ended out of its place', () => {
  for (const status of ['waiting', 'succeeded', 'failed', 'cancelled'] as const) expect(unplaced(status)).toEqual({ owner: null, queue: null, slot: null });
  for (const status of ['queued', 'running'] as const) expect(unplaced(status)).toBeUndefined();
});
