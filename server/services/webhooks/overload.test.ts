import { expect, test } from 'vitest';
import { createBodyRoom, PLACES, refuseOverload } from './overload.ts';

const refusal = expect.objectContaining({ code: 'overloaded', retryAfterMs: expect.any(Number) });

test('while as many runs are being driven as may be, no other one is let in', () => {
  expect(() => refuseOverload({ load: () => PLACES })).toThrow(refusal);
  expect(() => refuseOverload({ load: () => PLACES - 1 })).not.toThrow();
});

test('all together hold no more bytes than may be, and what one gives back another may have', () => {
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
