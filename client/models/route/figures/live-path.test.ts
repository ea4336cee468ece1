import { expect, test } from 'vitest';
import { liveAt } from './live-path.ts';

const large = { connectionId: 'con_1', model: 'large', copy: 0 };
const small = { connectionId: 'con_2', model: 'small', copy: 0 };
const since = '2026-03-01T12:00:02.000Z';
const call = { startedAt: '2026-03-01T12:00:00.000Z', runId: null, nodeKey: null };

test('a target is answering, was passed with the reason, or has nothing to do with a call', () => {
  const passed = [{ ...large, reason: 'circuit-open' }];
  const inProgress = { calls: 3, targets: [{ ...small, calls: 3 }], call: { ...call, passed, at: { ...small, since } } };
  expect(liveAt(inProgress, small)).toEqual({ calls: 3, since });
  expect(liveAt(inProgress, large)).toEqual({ calls: 0, passed: { reason: 'Model not called after repeated failures' } });
  expect(liveAt(inProgress, { ...small, model: 'other' })).toBeUndefined();
  expect(liveAt(inProgress, { ...small, copy: 1 })).toBeUndefined();
});

test('a target that its condition left out has no reason, and one that is tried again was not passed', () => {
  const passed = [
    { ...large, reason: 'left-out' },
    { ...small, reason: 'provider-timeout' },
  ];
  const inProgress = { calls: 1, targets: [{ ...small, calls: 1 }], call: { ...call, passed, at: { ...small, since } } };
  expect(liveAt(inProgress, large)).toEqual({ calls: 0, passed: { reason: undefined } });
  expect(liveAt(inProgress, small)).toEqual({ calls: 1, since });
});
