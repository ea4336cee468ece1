import { expect } from 'vitest';
import type { BusMessage } from '../engine/bus.ts';
import { inProcessBus } from '../ownership/in-process-bus.ts';
import { openBreakableProxy } from '../store/mongo/breakable-proxy.fixture.ts';
import type { Channel } from './bus-messages.ts';
import { redisBus } from './redis-bus.ts';
import type { RedisLink } from './redis-link.ts';
import { openLink, ownPrefix, redisTest, TEST_REDIS_URL } from './test-redis.fixture.ts';

const run = { runId: 'run_1', workspaceId: 'ws', workflowId: 'wf' };
const WAKE: BusMessage = { kind: 'wake', runId: 'run_1' };

/** The bus of one process, and the messages it received. */
async function member(redis: RedisLink, prefix: string, processId: string, hears: readonly Channel[] = ['all', 'pages']) {
  const heard: BusMessage[] = [];
  const bus = await redisBus({
    redis,
    prefix,
    processId,
    hears,
    local: inProcessBus((error) => {
      throw error;
    }),
  });
  bus.subscribe((message) => heard.push(message));
  return { bus, heard };
}

const commit = (note: string, more: { sealed?: true } = {}): BusMessage => ({
  kind: 'run-committed',
  run: { ...run, ...more },
  events: [{ type: 'cancel-requested', at: '2026-01-01T00:00:00.000Z', seq: 7, note } as never],
  head: 7,
  status: 'running',
  state: { status: 'running' } as never,
});

redisTest('delivers own messages once and at once, and those of others without the state', async () => {
  await using own = ownPrefix();
  await using linkA = await openLink();
  await using linkB = await openLink();
  const a = await member(linkA, own.prefix, 'a');
  const b = await member(linkB, own.prefix, 'b');
  a.bus.publish(commit('small'));
  expect(a.heard).toEqual([commit('small')]);
  a.bus.publish({ kind: 'deltas', run, words: { stepId: 's', callId: 'c', at: 3, text: 'Hi', toCaller: true } });
  a.bus.publish(WAKE);
  await expect.poll(() => b.heard.length).toBe(3);
  const { state: _, ...sent } = commit('small') as Extract<BusMessage, { kind: 'run-committed' }>;
  expect(b.heard[0]).toEqual(sent);
  expect(b.heard.slice(1)).toEqual(a.heard.slice(1));
  b.bus.publish({ kind: 'run-settled', runId: 'run_1' });
  await expect.poll(() => a.heard.at(-1)).toEqual({ kind: 'run-settled', runId: 'run_1' });
  expect(a.heard).toHaveLength(4);
});

redisTest('says to other processes that limits of workflows changed', async () => {
  await using own = ownPrefix();
  await using linkA = await openLink();
  await using linkB = await openLink();
  const a = await member(linkA, own.prefix, 'a');
  const b = await member(linkB, own.prefix, 'b', ['all']);
  const changed: BusMessage = { kind: 'invalidate', workspaceId: 'ws', what: 'queue' };
  a.bus.publish(changed);
  a.bus.publish(WAKE);
  await expect.poll(() => b.heard).toEqual([changed, WAKE]);
});

redisTest('sends no events that are large or sealed, and no words of sealed runs for pages', async () => {
  await using own = ownPrefix();
  await using linkA = await openLink();
  await using linkB = await openLink();
  const a = await member(linkA, own.prefix, 'a');
  const b = await member(linkB, own.prefix, 'b');
  const words = { stepId: 's', callId: 'c', at: 0, text: 'secret', toCaller: false };
  a.bus.publish(commit('x'.repeat(40_000)));
  a.bus.publish({ kind: 'deltas', run: { ...run, sealed: true }, words });
  a.bus.publish(commit('secret', { sealed: true }));
  await expect
    .poll(() => b.heard)
    .toEqual([
      { kind: 'run-committed', run, events: [], head: 7, status: 'running' },
      { kind: 'run-committed', run: { ...run, sealed: true }, events: [], head: 7, status: 'running' },
    ]);
});

redisTest('a worker hears only what it needs', async () => {
  await using own = ownPrefix();
  await using linkA = await openLink();
  await using linkB = await openLink();
  const a = await member(linkA, own.prefix, 'a');
  const worker = await member(linkB, own.prefix, 'worker', ['all']);
  a.bus.publish(commit('small'));
  a.bus.publish(WAKE);
  await expect.poll(() => worker.heard).toEqual([WAKE]);
});

redisTest('ignores messages it does not know', async () => {
  await using own = ownPrefix();
  await using link = await openLink();
  const { heard } = await member(link, own.prefix, 'a');
  for (const message of ['not JSON', '{}', '{"from":"b","message":{"kind":"of a later version"}}', `{"from":"b","message":${JSON.stringify(WAKE)}}`])
    await link.commands.publish(`${own.prefix}:bus:all`, message);
  await expect.poll(() => heard).toEqual([WAKE]);
});

redisTest('works within the process while Redis is away, and says that messages were missed once it is back', async () => {
  await using own = ownPrefix();
  await using proxy = await openBreakableProxy(TEST_REDIS_URL, 'cut');
  await using linkA = await openLink(proxy.uri);
  await using linkB = await openLink();
  const a = await member(linkA, own.prefix, 'a');
  const b = await member(linkB, own.prefix, 'b');
  expect(linkA.health().state).toBe('away');
  a.bus.publish(WAKE);
  expect(a.heard).toEqual([WAKE]);
  await proxy.mend();
  await expect.poll(() => a.heard.at(-1), { timeout: 10_000 }).toEqual({ kind: 'missed' });
  // Its own subscription works again, and the others learn that they missed messages.
  await expect.poll(() => b.heard, { timeout: 10_000 }).toEqual([{ kind: 'missed' }]);
  b.bus.publish(WAKE);
  await expect.poll(() => a.heard.filter(({ kind }) => kind === 'wake')).toHaveLength(2);
  await proxy.cut();
  await expect.poll(() => linkA.health().state, { timeout: 10_000 }).toBe('away');
  await proxy.mend();
  await expect.poll(() => linkA.health().state, { timeout: 10_000 }).toBe('connected');
  a.bus.publish({ kind: 'run-settled', runId: 'run_2' });
  await expect.poll(() => b.heard.some(({ kind }) => kind === 'run-settled')).toBe(true);
});
