import { describe, expect } from 'vitest';
import type { ProcessRecord } from '../store/collections.ts';
import { sameRedis } from './same-redis.ts';
import { openLink, ownPrefix, redisTest } from './test-redis.fixture.ts';

const record = (id: string, beat: number, redisMark: string | null): ProcessRecord => ({
  id,
  workspaceId: 'installation',
  startedAt: '',
  marked: null,
  beat,
  host: 'here',
  pid: 7,
  redisMark,
});

describe('processes of one installation', () => {
  redisTest('find the same mark in the same Redis, also after it lost its data', async () => {
    await using own = ownPrefix();
    await using link = await openLink();
    const [one, two] = ['one', 'two'].map((processId) => sameRedis({ redis: link, prefix: own.prefix, processId, log: { warn: () => {} } })) as [
      ReturnType<typeof sameRedis>,
      ReturnType<typeof sameRedis>,
    ];
    for (let time = 0; time < 2; time++) {
      await one.compare([]);
      await two.compare([]);
      expect(one.mark()).toMatch(/^[0-9a-f-]{36}$/);
      expect(two.mark()).toBe(one.mark());
      await own.wipe();
    }
  });

  redisTest('are told of one that uses another Redis, once it is known to live', async () => {
    await using own = ownPrefix();
    await using link = await openLink();
    const warnings: unknown[] = [];
    const same = sameRedis({ redis: link, prefix: own.prefix, processId: 'me', log: { warn: (text: unknown) => void warnings.push(text) } });
    const problemAfter = async (...records: ProcessRecord[]): Promise<string | undefined> => {
      await same.compare(records);
      return same.problem();
    };
    expect(await problemAfter(record('other', 1, 'elsewhere'))).toBeUndefined();
    expect(await problemAfter(record('other', 1, 'elsewhere'))).toBeUndefined();
    expect(await problemAfter(record('other', 2, 'elsewhere'))).toContain('(process 7) uses another Redis');
    expect(await problemAfter(record('other', 3, 'elsewhere'))).toContain('Set REDIS_URL to the same value');
    expect(warnings).toHaveLength(1);
    expect(await problemAfter(record('other', 4, same.mark()), record('me', 4, 'earlier'))).toBeUndefined();
    expect(await problemAfter(record('away', 5, null))).toBeUndefined();
  });
});
