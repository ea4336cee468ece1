import { expect, it } from 'vitest';
import { queueTimeoutOf } from './routes.ts';

it('lets a call wait longer for the last target, unless the target says how long', () => {
  expect([queueTimeoutOf({}, true), queueTimeoutOf({}, false)]).toEqual([10_000, 60_000]);
  expect([queueTimeoutOf({ queueTimeoutMs: 0 }, true), queueTimeoutOf({ queueTimeoutMs: 5_000 }, false)]).toEqual([0, 5_000]);
});
