import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { TIMED } from '../test/kit/patience.ts';
import { createTurns, inTurns } from './turns.ts';

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

it('runs short work at once', TIMED, async () => {
  const order: string[] = [];
  void setImmediate().then(() => order.push('another'));
  await inTurns(busy(0, 3)).then(() => order.push('work'));
  expect(order).toEqual(['work']);
});

/** An event loop whose clock moves only when work says so. */
function fakeLoop() {
  let [now, waiting] = [0, [] as (() => void)[]];
  const turns = createTurns({ now: () => now, later: (fire) => waiting.push(fire) });
  return {
    turns,
    work: (ms: number) => (now += ms),
    /** One turn, with all microtasks and ticks. */
    turn: async () => {
      const due = waiting;
      waiting = [];
      for (const fire of due) fire();
      await setImmediate();
    },
  };
}

it('gives all long work together one share of each turn, first come, first served', async () => {
  const loop = fakeLoop();
  const done: string[] = [];
  const begin = async (name: string, ms: number) => {
    if (loop.turns.isOver()) await loop.turns.next();
    loop.work(ms);
    done.push(name);
  };
  for (const name of ['a', 'b', 'c', 'd', 'e']) void begin(name, 4);
  expect(done).toEqual(['a', 'b']);
  await loop.turn();
  expect(done).toEqual(['a', 'b', 'c', 'd']);
  void begin('f', 4);
  await loop.turn();
  await loop.turn();
  expect(done).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});

it('does not let short work wait', () => {
  const { turns, work } = fakeLoop();
  expect(turns.isOver()).toBe(false);
  work(5);
  expect(turns.isOver()).toBe(false);
  work(1);
  expect(turns.isOver()).toBe(true);
});
