import { expect } from 'vitest';
import type { Arrival, LimitedConnections, Place } from '../models/calls/connection-limits.ts';
import { inProcessBus } from '../ownership/in-process-bus.ts';
import { openBreakableProxy } from '../store/mongo/breakable-proxy.fixture.ts';
import { redisConnectionLimits } from './redis-connection-limits.ts';
import { openLink, ownPrefix, redisTest, TEST_REDIS_URL } from './test-redis.fixture.ts';

const arrival = (more: Partial<Arrival> = {}): Arrival => ({
  key: 'c',
  name: 'Local',
  limits: { atOnce: 2 },
  workflow: 'w',
  tenant: '',
  tokens: 10,
  timeoutMs: 30_000,
  signal: new AbortController().signal,
  ...more,
});

/** The limits as one of two processes sees them. */
async function member(prefix: string, bus: ReturnType<typeof inProcessBus>, url?: string) {
  const link = await openLink(url);
  const limits = redisConnectionLimits({ redis: link, prefix, bus, sharers: () => 2, elapsed: () => performance.now() });
  return {
    limits,
    link,
    [Symbol.asyncDispose]: async () => {
      limits.stop();
      await link.close();
    },
  };
}
const oneBus = () =>
  inProcessBus((error) => {
    throw error;
  });

/** Makes calls on both processes and returns the highest number in progress at once. */
async function callAll(members: readonly LimitedConnections[], count: number, more?: Partial<Arrival>): Promise<number> {
  let running = 0;
  let most = 0;
  const call = async (limits: LimitedConnections | undefined): Promise<void> => {
    const place = await limits?.enter(arrival(more));
    running++;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 2));
    running--;
    place?.leave(10);
  };
  await Promise.all(Array.from({ length: count }, (_, index) => call(members[index % members.length])));
  return most;
}

redisTest('no more calls are in progress in all processes together than the limit, and all get their turn', async () => {
  await using own = ownPrefix();
  const bus = oneBus();
  await using one = await member(own.prefix, bus);
  await using two = await member(own.prefix, bus);
  expect(await callAll([one.limits, two.limits], 60)).toBe(2);
  expect(one.limits.loadOf('c')).toMatchObject({ running: 0, waiting: 0 });
});

redisTest('calls and tokens per minute are counted over all processes', async () => {
  await using own = ownPrefix();
  const bus = oneBus();
  await using one = await member(own.prefix, bus);
  await using two = await member(own.prefix, bus);
  for (const limits of [{ requestsPerMinute: 3 }, { tokensPerMinute: 35 }]) {
    const asked = { key: JSON.stringify(limits), limits, timeoutMs: 600 };
    const ends = await Promise.allSettled([one, two, one, two].map(({ limits: member }) => member.enter(arrival(asked))));
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    for (const end of ends) if (end.status === 'fulfilled') end.value.leave(10);
    await expect(one.limits.enter(arrival(asked))).rejects.toMatchObject({ code: 'connection-busy' });
  }
});

redisTest('a call that gives up leaves its place in line to the next', async () => {
  await using own = ownPrefix();
  await using one = await member(own.prefix, oneBus());
  const alone = { limits: { atOnce: 1 } };
  const first = await one.limits.enter(arrival(alone));
  await using two = await member(own.prefix, oneBus());
  const stop = new AbortController();
  const aborted = two.limits.enter(arrival({ ...alone, signal: stop.signal }));
  const next = two.limits.enter(arrival(alone));
  stop.abort(new Error('gave up'));
  await expect(aborted).rejects.toThrow('gave up');
  first.leave();
  (await next).leave();
});

redisTest('a call in line behind others gives up in time', async () => {
  await using own = ownPrefix();
  await using one = await member(own.prefix, oneBus());
  await using two = await member(own.prefix, oneBus());
  const alone = { limits: { atOnce: 2 } };
  const places = [await one.limits.enter(arrival(alone)), await one.limits.enter(arrival(alone))];
  const stop = new AbortController();
  const patient = two.limits.enter(arrival({ ...alone, signal: stop.signal }));
  await expect(two.limits.enter(arrival({ ...alone, timeoutMs: 100 }))).rejects.toMatchObject({ code: 'connection-busy' });
  stop.abort(new Error('gave up'));
  await expect(patient).rejects.toThrow('gave up');
  for (const place of places) place.leave();
  expect(two.limits.loadOf('c')).toMatchObject({ running: 0, waiting: 0 });
});

redisTest('while Redis is away each process has its share, and calls in progress keep their place', async () => {
  await using own = ownPrefix();
  await using proxy = await openBreakableProxy(TEST_REDIS_URL);
  const bus = oneBus();
  await using one = await member(own.prefix, bus, proxy.uri);
  const limits = { atOnce: 4 };
  const before = await one.limits.enter(arrival({ limits }));
  await proxy.cut();
  await expect.poll(() => one.link.health().state, { timeout: 10_000 }).toBe('away');
  const second: Place = await one.limits.enter(arrival({ limits }));
  // Its share is 2.
  await expect(one.limits.enter(arrival({ limits, timeoutMs: 50 }))).rejects.toMatchObject({ code: 'connection-busy' });
  before.leave();
  second.leave();
  expect(await callAll([one.limits], 10, { limits })).toBe(2);
});

redisTest('a process whose calls have all places lets another one have its turns', async () => {
  await using own = ownPrefix();
  const [busBusy, busOther] = [oneBus(), oneBus()];
  // The other process learns later that the busy one freed a place.
  busBusy.subscribe((message) => void setTimeout(() => busOther.publish(message), 3));
  await using busy = await member(own.prefix, busBusy);
  await using other = await member(own.prefix, busOther);
  const served = { busy: 0, other: 0 };
  const everyoneIsIn = Promise.withResolvers<void>();
  const callOn = async (limits: LimitedConnections, name: keyof typeof served): Promise<void> => {
    while (served.busy < 100) {
      const place = await limits.enter(arrival());
      await new Promise((resolve) => setTimeout(resolve, 20));
      place.leave(10);
      served[name]++;
      if (served.busy === 10) everyoneIsIn.resolve();
    }
  };
  const calls = Array.from({ length: 16 }, () => callOn(busy.limits, 'busy'));
  await everyoneIsIn.promise;
  calls.push(...Array.from({ length: 4 }, () => callOn(other.limits, 'other')));
  await Promise.all(calls);
  expect(served.other).toBeGreaterThan(30);
});
