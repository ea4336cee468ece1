import { Redis } from 'ioredis';

/** A client of the Redis of tests. */
export const openTestRedis = (): Redis => new Redis(process.env.TEST_REDIS_URL ?? '');
