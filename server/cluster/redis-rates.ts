import { createRateLimits, MINUTE_MS, type SharedRates } from '../services/webhooks/rate-limits.ts';
import type { RedisLink } from './redis-link.ts';

/*
 * Rate limits over all processes (S44), by the rule of rate-limits.ts and the clock of Redis. While Redis is away or slow, each process allows
 * its share of the limit, at least 1.
 */

/** A caller doesn't wait longer than this for Redis. */
const WAIT_MS = 250;

/** Takes a place atomically. Returns 0, or in how many ms the next one is free. */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local span, place = tonumber(ARGV[1]), ARGV[1] / ARGV[2]
local used = math.min(span, math.max(0, tonumber(redis.call('GET', KEYS[1]) or '0') - now))
local missing = math.floor(used + place - span + 0.5)
if missing > 0 then return missing end
redis.call('SET', KEYS[1], string.format('%.3f', now + used + place), 'PX', math.ceil(used + place))
return 0`;

export interface RedisRatesParts {
  readonly redis: RedisLink;
  /** Prefix of all keys of this installation. */
  readonly prefix: string;
  /** How many processes share the limit. */
  readonly sharers: () => number;
  readonly spanMs?: number;
}

export function redisRates({ redis, prefix, sharers, spanMs = MINUTE_MS }: RedisRatesParts): SharedRates {
  const own = createRateLimits(() => performance.now(), spanMs);
  const ask = async (name: string, places: number): Promise<number | undefined> => {
    if (redis.health().state === 'away') return undefined;
    const asked = redis.commands.eval(TAKE, 1, `${prefix}:rate:${name}`, spanMs, places).then(Number, () => undefined);
    return inTime(asked);
  };
  return {
    take: async (name, places) => {
      // Also counted locally while Redis decides, so a process that loses it doesn't start with its whole share.
      const wait = own.take(name, Math.max(1, Math.floor(places / sharers())));
      return (await ask(name, places)) ?? wait;
    },
  };
}

async function inTime<T>(asked: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, WAIT_MS, undefined);
  });
  return Promise.race([asked, timeUp]).finally(() => clearTimeout(timer));
}
