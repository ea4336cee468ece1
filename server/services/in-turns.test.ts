import { expect, it } from 'vitest';
import { inTurns } from './in-turns.ts';

function* busy(ms: number, parts: number): Generator<void, string> {
  for (let part = 0; part < parts; part++) {
    const end = performance.now() + ms;
    while (performance.now() < end);
    yield;
  }
  return 'done';
}

it('lets other work run between parts of long work', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  expect(await inTurns(busy(10, 12))).toBe('done');
  clearInterval(timer);
  expect(turns).toBeGreaterThanOrEqual(4);
});

it('runs short work at once', async () => {
  const order: string[] = [];
  setImmediate(() => order.push('another'));
  await inTurns(busy(0, 3)).then(() => order.push('work'));
  expect(order).toEqual(['work']);
});
