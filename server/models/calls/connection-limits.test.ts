import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createFairQueue } from '../../fair-queue.ts';
import { type Arrival, createConnectionLimits, type Place } from './connection-limits.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const arrival = (more: Partial<Arrival> = {}): Arrival => ({
  key: 'c',
  name: 'Local',
  limits: { atOnce: 1 },
  workflow: 'w',
  tenant: '',
  tokens: 10,
  timeoutMs: 10_000,
  signal: new AbortController().signal,
  ...more,
});
const limited = () => createConnectionLimits(() => Date.now());
/** Lets resolved promises continue. */
const settle = () => vi.advanceTimersByTimeAsync(0);

describe('a limit on calls at once', () => {
  test('lets the next one in when a call ends, and says how long it waited', async () => {
    const limits = limited();
    const first = await limits.enter(arrival());
    let second: Place | undefined;
    void limits.enter(arrival()).then((place) => {
      second = place;
    });
    await vi.advanceTimersByTimeAsync(300);
    expect(second).toBeUndefined();
    expect(limits.loadOf('c')).toMatchObject({ running: 1, waiting: 1 });
    first.leave();
    await settle();
    expect(second?.waitedMs).toBe(300);
    second?.leave();
    expect(limits.loadOf('c')).toEqual({ running: 0, waiting: 0, requests: 0, tokens: 0 });
  });

  test('is fair: workflows take turns, then tenants', async () => {
    const limits = limited();
    let current = await limits.enter(arrival());
    const order: string[] = [];
    const wait = (workflow: string, tenant: string, count: number) => {
      for (let number = 1; number <= count; number++)
        void limits.enter(arrival({ workflow, tenant })).then((place) => {
          order.push(`${workflow}${tenant}${number}`);
          current = place;
        });
    };
    wait('flood', 'a', 3);
    wait('flood', 'b', 1);
    wait('other', 'a', 1);
    for (let turn = 0; turn < 5; turn++) {
      current.leave();
      await settle();
    }
    expect(order).toEqual(['flooda1', 'othera1', 'floodb1', 'flooda2', 'flooda3']);
  });

  test('ends a wait after its time, naming connection and limit, and leaves nothing behind', async () => {
    const limits = limited();
    const first = await limits.enter(arrival());
    const late = limits.enter(arrival({ timeoutMs: 500 })).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(500);
    expect(await late).toMatchObject({ code: 'connection-busy', message: expect.stringMatching(/0\.5 s .*“Local” \(limit: 1 at once\)/) });
    expect(limits.loadOf('c')).toMatchObject({ waiting: 0 });
    first.leave();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a canceled call leaves the queue at once', async () => {
    const limits = limited();
    const first = await limits.enter(arrival());
    const leaving = new AbortController();
    const left = limits.enter(arrival({ signal: leaving.signal })).catch((error: unknown) => error);
    const reason = new Error('canceled');
    leaving.abort(reason);
    expect(await left).toBe(reason);
    expect(limits.loadOf('c')).toMatchObject({ running: 1, waiting: 0 });
    first.leave();
    expect(vi.getTimerCount()).toBe(0);
    await expect(limits.enter(arrival({ signal: leaving.signal }))).rejects.toBe(reason);
  });

  test('takes effect for waiting calls when it is raised', async () => {
    const limits = limited();
    await limits.enter(arrival());
    const second = limits.enter(arrival());
    const third = limits.enter(arrival({ limits: { atOnce: 3 } }));
    expect(await Promise.all([second, third])).toHaveLength(2);
  });
});

describe('a limit per minute', () => {
  test('on calls holds in any 60 seconds', async () => {
    const limits = limited();
    const times: number[] = [];
    const start = Date.now();
    for (let number = 0; number < 5; number++)
      void limits.enter(arrival({ limits: { requestsPerMinute: 2 }, timeoutMs: 300_000 })).then((place) => {
        times.push(Date.now() - start);
        place.leave();
      });
    await vi.advanceTimersByTimeAsync(130_000);
    expect(times).toEqual([0, 0, 60_000, 60_000, 120_000]);
  });

  test('on tokens counts what was used instead of the estimate', async () => {
    const limits = limited();
    const tokens = { limits: { tokensPerMinute: 100 } };
    (await limits.enter(arrival({ ...tokens, tokens: 90 }))).leave(10);
    expect(limits.loadOf('c')).toMatchObject({ tokens: 10, requests: 1 });
    await limits.enter(arrival({ ...tokens, tokens: 90 }));
    const third = limits.enter(arrival({ ...tokens, tokens: 1, timeoutMs: 61_000 }));
    await vi.advanceTimersByTimeAsync(60_000);
    expect((await third).waitedMs).toBe(60_000);
  });

  test('lets a call larger than the limit through once it has the minute to itself', async () => {
    const limits = limited();
    const tokens = { limits: { tokensPerMinute: 100 } };
    (await limits.enter(arrival({ ...tokens, tokens: 5 }))).leave(5);
    const large = limits.enter(arrival({ ...tokens, tokens: 500, timeoutMs: 61_000 }));
    await vi.advanceTimersByTimeAsync(60_000);
    expect((await large).waitedMs).toBe(60_000);
  });
});

test('a thousand calls that come and go leave an empty queue', () => {
  const queue = createFairQueue<number>();
  const removes = Array.from({ length: 1_000 }, (_, number) => queue.push(`g${number % 7}`, `m${number % 3}`, number));
  for (const [index, remove] of removes.entries()) if (index % 2 === 0) expect(remove()).toBe(true);
  const seen: number[] = [];
  for (let item = queue.peek(); item !== undefined; item = queue.peek()) {
    seen.push(item);
    queue.shift();
  }
  expect(seen).toHaveLength(500);
  expect(queue.size).toBe(0);
  expect(removes[1]?.()).toBe(false);
});
