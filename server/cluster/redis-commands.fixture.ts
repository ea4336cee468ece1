import { Redis } from 'ioredis';

/** How many commands a Redis has processed since its start. */
export async function redisCommands(url: string): Promise<number> {
  const redis = new Redis(url);
  const stats = await redis.info('stats');
  redis.disconnect();
  return Number(/total_commands_processed:(\d+)/.exec(stats)?.[1]);
}
