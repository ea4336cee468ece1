import { expect, test } from 'vitest';
import { createOpenCalls } from './open-calls.ts';

const HERE = { workspaceId: 'default', route: 'careful' };
const at = (seconds: number) => Date.parse('2026-03-01T12:00:00.000Z') + seconds * 1_000;
const [first, second] = [
  { connectionId: 'con_1', model: 'large', copy: 0 },
  { connectionId: 'con_2', model: 'small', copy: 1 },
];

test('shows the path of the oldest call, and how many calls each target is answering', () => {
  let now = at(0);
  const calls = createOpenCalls(() => now);
  expect(calls.ofRoute(HERE)).toEqual({ calls: 0, targets: [], call: null });
  const oldest = calls.begin({ ...HERE, place: undefined });
  oldest.trying(first);
  now = at(2);
  oldest.passed(first, 'provider-overloaded');
  oldest.trying(second);
  const newer = calls.begin({ ...HERE, place: undefined });
  newer.trying(second);
  expect(calls.ofRoute(HERE)).toEqual({
    calls: 2,
    targets: [{ ...second, calls: 2 }],
    call: {
      startedAt: '2026-03-01T12:00:00.000Z',
      runId: null,
      nodeKey: null,
      passed: [{ ...first, reason: 'provider-overloaded' }],
      at: { ...second, since: '2026-03-01T12:00:02.000Z' },
    },
  });
  expect(calls.ofRoute({ ...HERE, route: 'fast' }).calls).toBe(0);
  oldest.end();
  expect(calls.ofRoute(HERE)).toMatchObject({ calls: 1, call: { startedAt: '2026-03-01T12:00:02.000Z' } });
  newer.end();
  newer.end();
  expect(calls.ofRoute(HERE)).toEqual({ calls: 0, targets: [], call: null });
});
