import { expect, test } from 'vitest';
import { createBodyRoom, PLACES, refuseOverload } from './overload.ts';

const refusal = expect.objectContaining({ code: 'overloaded', retryAfterMs: expect.any(Number) });

test('admits no more runs than the limit', () => {
  expect(() => refuseOverload({ load: () => PLACES })).toThrow(refusal);
  expect(() => refuseOverload({ load: () => PLACES - 1 })).not.toThrow();
});

test('limits the bytes of all bodies together, and reuses released ones', () => {
  const hold = createBodyRoom(10);
  const [one, other] = [hold(), hold()];
  one.add(4);
  one.add(4);
  expect(() => other.add(3)).toThrow(refusal);
  other.add(2);
  one.release();
  one.release();
  other.add(8);
  expect(() => one.add(1)).toThrow(refusal);
});
