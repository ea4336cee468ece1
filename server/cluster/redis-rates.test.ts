import { expect } from 'vitest';
import { openBreakableProxy } from '../store/mongo/breakable-proxy.fixture.ts';
import { redisRates } from './redis-rates.ts';
import { openLink, ownPrefix, redisTest, TEST_REDIS_URL } from './test-redis.fixture.ts';

redisTest('a limit holds over all processes, and places become free one after another', async () => {
  await using own = ownPrefix();
  await using one = await openLink();
  await using two = await openLink();
  const limits = [one, two].map((redis) => redisRates({ redis, prefix: own.prefix, sharers: () => 2 }));
  const waits = await Promise.all(Array.from({ length: 40 }, (_, index) => limits[index % 2]?.take('hook', 10)));
  expect(waits.filter((wait) => wait === 0)).toHaveLength(10);
  const wait = (await limits[0]?.take('hook', 10)) ?? 0;
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(6_000);
  expect(await limits[0]?.take('another hook', 10)).toBe(0);
});

redisTest('a place is free again after its share of the period', async () => {
  await using own = ownPrefix();
  await using redis = await openLink();
  const rates = redisRates({ redis, prefix: own.prefix, sharers: () => 1, spanMs: 400 });
  expect(await Promise.all([rates.take('hook', 2), rates.take('hook', 2)])).toEqual([0, 0]);
  expect(await rates.take('hook', 2)).toBeGreaterThan(0);
  await expect.poll(() => rates.take('hook', 2)).toBe(0);
});

redisTest('while Redis is away, each process allows its share', async () => {
  await using own = ownPrefix();
  await using proxy = await openBreakableProxy(TEST_REDIS_URL);
  await using redis = await openLink(proxy.uri);
  const rates = redisRates({ redis, prefix: own.prefix, sharers: () => 3 });
  await rates.take('hook', 12);
  await proxy.cut();
  const waits = await Promise.all(Array.from({ length: 10 }, () => rates.take('hook', 12)));
  // Its share is 4, and one place is already taken.
  expect(waits.filter((wait) => wait === 0)).toHaveLength(3);
});
