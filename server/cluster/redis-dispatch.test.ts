import { expect } from 'vitest';
import { openBreakableProxy } from '../store/mongo/breakable-proxy.fixture.ts';
import { createOffers, hearOffers } from './redis-dispatch.ts';
import { openLink, ownPrefix, redisTest, TEST_REDIS_URL } from './test-redis.fixture.ts';

const report = (): void => {};

redisTest('an offered run is looked at once, by one worker', async () => {
  await using own = ownPrefix();
  await using web = await openLink();
  await using one = await openLink();
  await using two = await openLink();
  const looked: string[] = [];
  const look = async (runId: string) => {
    looked.push(runId);
    return 'done' as const;
  };
  const workers = [one, two].map((redis) => hearOffers({ redis, prefix: own.prefix, report, processId: 'worker', passOn: () => {} }, look));
  const offers = createOffers({ redis: web, prefix: own.prefix, report, worker: () => undefined });
  const runs = Array.from({ length: 20 }, (_, index) => `run-${index}`);
  for (const runId of runs) offers.offer(runId, 3);
  await expect.poll(() => looked.length, { timeout: 10_000 }).toBe(20);
  expect(looked.toSorted()).toEqual(runs.toSorted());
  // The same offer can be made again, because nothing of the first remains.
  offers.offer('run-1', 3);
  await expect.poll(() => looked.length, { timeout: 10_000 }).toBe(21);
  await Promise.all([offers.close(), ...workers.map((worker) => worker.close())]);
});

redisTest('a busy worker leaves offers to others until it has a free slot', async () => {
  await using own = ownPrefix();
  await using web = await openLink();
  await using one = await openLink();
  await using two = await openLink();
  const looked: string[] = [];
  let isBusy = true;
  const busy = hearOffers({ redis: one, prefix: own.prefix, report, processId: 'worker', passOn: () => {} }, async (runId) => {
    looked.push(`busy ${runId}`);
    return isBusy ? 'busy' : 'done';
  });
  const offers = createOffers({ redis: web, prefix: own.prefix, report, worker: () => undefined });
  offers.offer('a', 1);
  await expect.poll(() => looked, { timeout: 10_000 }).toEqual(['busy a']);
  const free = hearOffers({ redis: two, prefix: own.prefix, report, processId: 'worker', passOn: () => {} }, async (runId) => {
    looked.push(`free ${runId}`);
    return 'done';
  });
  await expect.poll(() => looked, { timeout: 10_000 }).toEqual(['busy a', 'free a']);
  await free.close();
  offers.offer('b', 1);
  isBusy = false;
  busy.resume();
  await expect.poll(() => looked.at(-1), { timeout: 10_000 }).toBe('busy b');
  await Promise.all([offers.close(), busy.close()]);
});

redisTest('offers while Redis is away are dropped, and later ones arrive', async () => {
  await using own = ownPrefix();
  await using proxy = await openBreakableProxy(TEST_REDIS_URL, 'cut');
  await using link = await openLink(proxy.uri);
  const looked: string[] = [];
  const offers = createOffers({ redis: link, prefix: own.prefix, report, worker: () => undefined });
  const worker = hearOffers({ redis: link, prefix: own.prefix, report, processId: 'worker', passOn: () => {} }, async (runId) => {
    looked.push(runId);
    return 'done';
  });
  offers.offer('lost', 1);
  await proxy.mend();
  await expect.poll(() => link.health().state, { timeout: 10_000 }).toBe('connected');
  await own.wipe();
  offers.offer('later', 1);
  await expect.poll(() => looked, { timeout: 10_000 }).toEqual(['later']);
  await proxy.cut();
  await Promise.all([offers.close(), worker.close()]);
});

redisTest('a worker that seems to have a free slot is told directly, and passes the run on if it has none', async () => {
  await using own = ownPrefix();
  await using web = await openLink();
  await using one = await openLink();
  const looked: string[] = [];
  const passed: string[] = [];
  const passOn = (runId: string): void => void passed.push(runId);
  const look = async (runId: string) => {
    looked.push(runId);
    return runId === 'b' ? ('busy' as const) : ('done' as const);
  };
  const worker = hearOffers({ redis: one, prefix: own.prefix, report, processId: 'one', passOn }, look);
  await expect.poll(() => web.commands.pubsub('NUMSUB', `${own.prefix}:look:one`)).toEqual([`${own.prefix}:look:one`, 1]);
  const offers = createOffers({ redis: web, prefix: own.prefix, report, worker: () => 'one' });
  for (const runId of ['a', 'b']) offers.offer(runId, 1);
  await expect.poll(() => passed, { timeout: 10_000 }).toEqual(['b']);
  expect(looked).toEqual(['a', 'b']);
  await Promise.all([offers.close(), worker.close()]);
});

redisTest('a run that was offered to a worker that is gone goes to another one', async () => {
  await using own = ownPrefix();
  await using web = await openLink();
  await using one = await openLink();
  const looked: string[] = [];
  const look = async (runId: string) => {
    looked.push(runId);
    return 'done' as const;
  };
  const worker = hearOffers({ redis: one, prefix: own.prefix, report, processId: 'one', passOn: () => {} }, look);
  const offers = createOffers({ redis: web, prefix: own.prefix, report, worker: () => 'gone' });
  offers.offer('a', 1);
  await expect.poll(() => looked, { timeout: 10_000 }).toEqual(['a']);
  await Promise.all([offers.close(), worker.close()]);
});
