import { randomUUID } from 'node:crypto';
import type { ConnectionLimits } from '@switchyard/shared/contracts/models.ts';
import type { RedisLink } from './redis-link.ts';

/*
 * Places of connections in Redis. A lease ends after `LEASE_MS` unless its process renews it, and a renewal also restores it after Redis lost
 * its data. Calls and tokens of the last minute are counted by the clock of Redis.
 */

/** Less than a call waits for its turn by default, so the places of a killed process delay calls but fail none. */
const LEASE_MS = 6_000;
const RENEW_MS = 2_000;
const MINUTE_MS = 60_000;
const KEPT_MS = 120_000;
/** A process that has not asked for this long no longer waits. */
const STALE_MS = 1_500;
/** When to ask again if another process has waited longer. */
const AGAIN_MS = 25;

/**
 * KEYS: leases, calls of the last minute, their tokens, the waiting processes by when they started to wait, and when each last asked. ARGV: ID, lease,
 * limits (-1 for none), tokens, process, how long its call has waited. Returns 0, or in how many ms to ask again. Processes that wait longer are
 * served first. Without that, a process that frees a place would take it back before others hear about it.
 */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local old = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - ${MINUTE_MS})
for _, id in ipairs(old) do
  redis.call('ZREM', KEYS[2], id)
  redis.call('HDEL', KEYS[3], id)
end
local atOnce, requests, most, tokens = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local process, since = ARGV[7], now - tonumber(ARGV[8])
for _, other in ipairs(redis.call('ZRANGE', KEYS[4], 0, -1)) do
  local asked = tonumber(redis.call('HGET', KEYS[5], other) or 0)
  if now - asked > ${STALE_MS} then
    redis.call('ZREM', KEYS[4], other)
    redis.call('HDEL', KEYS[5], other)
  end
end
local function waits(ms)
  redis.call('ZADD', KEYS[4], 'LT', since, process)
  redis.call('HSET', KEYS[5], process, now)
  redis.call('PEXPIRE', KEYS[4], ${KEPT_MS})
  redis.call('PEXPIRE', KEYS[5], ${KEPT_MS})
  return ms
end
local room = atOnce >= 0 and atOnce - redis.call('ZCARD', KEYS[1]) or 1
if room <= 0 then return waits(${MINUTE_MS}) end
if requests >= 0 or most >= 0 then room = 1 end
local own = redis.call('ZSCORE', KEYS[4], process)
local before = redis.call('ZCOUNT', KEYS[4], '-inf', '(' .. math.min(since, tonumber(own or since)))
if before >= room then return waits(${AGAIN_MS}) end
local oldest = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
local wait = oldest[2] and math.max(1, tonumber(oldest[2]) + ${MINUTE_MS} - now)
if requests >= 0 and redis.call('ZCARD', KEYS[2]) >= requests then return waits(wait or ${MINUTE_MS}) end
if most >= 0 and wait then
  local used = 0
  for _, value in ipairs(redis.call('HVALS', KEYS[3])) do used = used + tonumber(value) end
  if used + tokens > most then return waits(wait) end
end
redis.call('ZREM', KEYS[4], process)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
if requests >= 0 or most >= 0 then
  redis.call('ZADD', KEYS[2], now, ARGV[1])
  redis.call('HSET', KEYS[3], ARGV[1], tokens)
end
for index = 1, 3 do redis.call('PEXPIRE', KEYS[index], ${KEPT_MS}) end
return 0`;

const RENEW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for index = 2, #ARGV do redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[index]) end
redis.call('PEXPIRE', KEYS[1], ${KEPT_MS})`;

const FREE = `
redis.call('ZREM', KEYS[1], ARGV[1])
if ARGV[2] ~= '' and redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then redis.call('HSET', KEYS[2], ARGV[1], ARGV[2]) end`;

export interface Lease {
  /** Ends the lease of a call, and counts the tokens that it used if they are known. Never rejects. */
  free(usedTokens?: number): Promise<void>;
}

export function createLeases({ redis, prefix }: { readonly redis: RedisLink; readonly prefix: string }) {
  const processId = randomUUID();
  const held = new Map<string, Set<string>>();
  const keysOf = (key: string) => {
    const base = `${prefix}:connection:${key}`;
    return { leases: `${base}:leases`, calls: `${base}:calls`, tokens: `${base}:tokens`, line: `${base}:line`, asked: `${base}:asked` };
  };
  const renew = (): void => {
    for (const [key, ids] of held) redis.commands.eval(RENEW, 1, keysOf(key).leases, LEASE_MS, ...ids).catch(() => {});
  };
  const timer = setInterval(renew, RENEW_MS).unref();

  const free = async (key: string, id: string, used?: number): Promise<void> => {
    const ids = held.get(key);
    ids?.delete(id);
    if (ids?.size === 0) held.delete(key);
    const { leases, tokens } = keysOf(key);
    // Without Redis, the lease expires.
    await redis.commands.eval(FREE, 2, leases, tokens, id, used ?? '').catch(() => {});
  };
  return {
    /** The lease, in how many ms to ask again, or undefined if Redis doesn't answer. */
    take: async (key: string, limits: ConnectionLimits, tokens: number, id: string, waitedMs: number): Promise<Lease | number | undefined> => {
      const { atOnce = -1, requestsPerMinute = -1, tokensPerMinute = -1 } = limits;
      const keys = keysOf(key);
      const given = [id, LEASE_MS, atOnce, requestsPerMinute, tokensPerMinute, tokens, processId, Math.round(waitedMs)];
      try {
        const wait = Number(await redis.commands.eval(TAKE, 5, keys.leases, keys.calls, keys.tokens, keys.line, keys.asked, ...given));
        if (wait > 0) return wait;
      } catch {
        // Redis may have granted it without responding in time.
        void free(key, id);
        return undefined;
      }
      held.set(key, (held.get(key) ?? new Set()).add(id));
      return { free: (used) => free(key, id, used) };
    },
    stop: () => clearInterval(timer),
  };
}
