import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { test } from 'vitest';
import { openRedis, type RedisLink } from './redis-link.ts';

const url = process.env.TEST_REDIS_URL ?? '';
if (url === '') console.warn('Tests on Redis are skipped: set TEST_REDIS_URL to the URL of one.');

export const redisTest = test.skipIf(url === '');
export const TEST_REDIS_URL = url;

const quiet = { warn: () => {}, info: () => {} };

interface TestLink extends RedisLink, AsyncDisposable {}

/** A process's connections to the Redis of tests, or to it through a proxy. */
export async function openLink(through: string = url, log: Parameters<typeof openRedis>[0]['log'] = quiet): Promise<TestLink> {
  const link = await openRedis({ url: through, log });
  return { ...link, [Symbol.asyncDispose]: link.close };
}

/** Deletes all keys of an installation. Returns how many there were. */
export async function wipeKeys(prefix: string): Promise<number> {
  const redis = new Redis(url);
  const keys = await redis.keys(`${prefix}:*`);
  const deleted = keys.length === 0 ? 0 : await redis.del(...keys);
  redis.disconnect();
  return deleted;
}

/** Keys and channels of one test, deleted after it. */
export function ownPrefix(): AsyncDisposable & { readonly prefix: string; wipe(): Promise<void> } {
  const prefix = `switchyard:test-${randomUUID()}`;
  const wipe = async (): Promise<void> => void (await wipeKeys(prefix));
  return { prefix, wipe, [Symbol.asyncDispose]: wipe };
}
