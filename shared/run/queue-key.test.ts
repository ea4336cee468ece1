import { expect, test } from 'vitest';
import { keysOf, queueKey, readQueueKey } from './queue-key.ts';

const run = (id: string, workflowId: string, tenant: string | undefined, minute = 0) => ({
  id,
  workflowId,
  createdAt: `2026-03-01T12:${String(minute).padStart(2, '0')}:00.000Z`,
  labels: tenant === undefined ? {} : { tenant },
});

test('sorts by priority, workflow, tenant, and age', () => {
  const keys = [
    queueKey(run('run_9', 'wfl_b', 'acme'), 'high'),
    queueKey(run('run_5', 'wfl_a', 'acme', 3), 'normal'),
    queueKey(run('run_4', 'wfl_a', 'acme', 4), 'normal'),
    queueKey(run('run_2', 'wfl_a', 'globex', 1), 'normal'),
    queueKey(run('run_1', 'wfl_a', undefined), 'normal'),
    queueKey(run('run_0', 'wfl_a', 'acme'), 'low'),
  ];
  expect([...keys].sort()).toEqual(keys);
});

test('reads what it wrote, whatever the tenant contains', () => {
  for (const tenant of ['acme', 'a|b\u0000c', '}~', '\u{1F600}', '\ud83d', 'x'.repeat(300), '']) {
    const key = queueKey(run('run_1', 'wfl_a', tenant), 'low');
    expect(readQueueKey(key)).toMatchObject({ priority: 'low', workflowId: 'wfl_a', createdAt: '2026-03-01T12:00:00.000Z', runId: 'run_1' });
    const { from, to } = keysOf('low', 'wfl_a', readQueueKey(key).tenant);
    expect(Buffer.compare(Buffer.from(from), Buffer.from(key))).toBe(-1);
    expect(Buffer.compare(Buffer.from(key), Buffer.from(to))).toBe(-1);
  }
});

test('a range holds the keys of one tenant, and not those of a tenant with a longer name', () => {
  const { from, to } = keysOf('normal', 'wfl_a', 'acme');
  const isInside = (tenant: string) => {
    const key = queueKey(run('run_1', 'wfl_a', tenant), 'normal');
    return key >= from && key < to;
  };
  expect(['acme', 'acme ', 'acme}', 'acm', 'acmf', ''].map(isInside)).toEqual([true, false, false, false, false, false]);
});
