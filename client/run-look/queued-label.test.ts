import { expect, test } from 'vitest';
import { queuedLabel } from './queued-label.ts';

const queued = { place: 3, reason: 'concurrency', running: 2, concurrency: 2 } as const;

test('says the place and the reason', () => {
  expect(queuedLabel(queued)).toBe('3rd in the queue: 2 of 2 allowed runs are in progress');
  expect(queuedLabel({ ...queued, place: 1, reason: 'workers-busy' })).toBe('1st in the queue: all workers are busy');
  expect(queuedLabel({ ...queued, place: 1_012, reason: 'no-worker' })).toBe('1,012th in the queue: no worker is running');
  expect(queuedLabel({ ...queued, place: 2, reason: 'unknown-version' })).toBe('2nd in the queue: needs a newer version than any worker has');
  expect(queuedLabel({ ...queued, place: 2, reason: 'upgrade' })).toBe('2nd in the queue: waits for the upgrade to finish');
  expect(queuedLabel({ ...queued, place: 22, reason: 'kill-switch' })).toBe('22nd in the queue: held by a kill switch');
  expect(queuedLabel({ ...queued, place: 11, reason: 'turn' })).toBe('11th in the queue: starts when its turn comes');
});
