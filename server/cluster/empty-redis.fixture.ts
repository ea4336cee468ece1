import { Redis } from 'ioredis';

/** Deletes everything in the database of this URL. */
export async function emptyRedis(url: string): Promise<void> {
  const redis = new Redis(url);
  await redis.flushdb();
  redis.disconnect();
}
