import { expect, test } from 'vitest';
import { hasRedisServer, startOwnRedis } from './own-redis.fixture.ts';
import { openLink } from './test-redis.fixture.ts';

const ownTest = test.skipIf(!hasRedisServer);

ownTest('says how to set a missing or wrong password', async () => {
  await using redis = await startOwnRedis('--requirepass', 'right');
  const warnings: string[] = [];
  const log = { warn: (_details: unknown, line: string) => warnings.push(line), info: () => {} };
  const place = `127.0.0.1:${redis.port}`;
  await using missing = await openLink(`redis://${place}`, log as never);
  expect(missing.health()).toMatchObject({
    state: 'away',
    problems: ['Redis requires a password. Add it to REDIS_URL, for example redis://:password@redis.example.com:6379.'],
  });
  await using wrong = await openLink(`redis://:wrong@${place}`, log as never);
  expect(wrong.health()).toMatchObject({ state: 'away', problems: ['Redis rejected the user name or password in REDIS_URL.'] });
  expect(warnings).toEqual([...missing.health().problems, ...wrong.health().problems]);
  await using right = await openLink(`redis://:right@${place}`, log as never);
  expect(right.health()).toEqual({ state: 'connected', since: expect.stringMatching(/^\d{4}-.*Z$/), problems: [] });
});

ownTest('warns of a Redis that may delete jobs', async () => {
  await using redis = await startOwnRedis('--maxmemory-policy', 'allkeys-lru');
  await using link = await openLink(`redis://127.0.0.1:${redis.port}`);
  await expect
    .poll(() => link.health().problems)
    .toEqual(['Redis has the setting maxmemory-policy allkeys-lru, so runs may start up to 10 s late when its memory is full. Set it to noeviction.']);
});

ownTest('a Redis that is open but silent counts as away until it answers', async () => {
  await using redis = await startOwnRedis();
  await using link = await openLink(`redis://127.0.0.1:${redis.port}`);
  const states: string[] = [];
  link.onChange((state) => states.push(state));
  redis.freeze();
  await expect.poll(() => states, { timeout: 15_000 }).toEqual(['away']);
  await expect(link.commands.ping()).rejects.toThrow();
  redis.thaw();
  await expect.poll(() => states, { timeout: 15_000 }).toEqual(['away', 'connected']);
});

test('starts without Redis', async () => {
  await using link = await openLink('redis://127.0.0.1:1');
  expect(link.health().state).toBe('away');
  expect(link.health().problems).toEqual(['Redis is unavailable (ECONNREFUSED).']);
});
