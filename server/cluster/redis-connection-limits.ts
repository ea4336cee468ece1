import { randomUUID } from 'node:crypto';
import type { ConnectionLimits } from '@switchyard/shared/contracts/models.ts';
import type { Bus } from '../engine/bus.ts';
import { type Arrival, busy, createConnectionLimits, type LimitedConnections, type Place } from '../models/calls/connection-limits.ts';
import { createLeases, type Lease } from './redis-leases.ts';
import type { RedisLink } from './redis-link.ts';

/*
 * The limits of connections over all processes (S44, S58). A call first takes a place in this process, where waiting calls take turns, and
 * then one in Redis. Invariants: 1. While Redis is connected, all processes together keep the limit. 2. While it is away, each keeps its
 * share, at least 1. Calls in progress when it goes away keep their places. 3. The place of a process that died is free after 6 s.
 */

/** How often to ask again if no message says that a place is free. */
const ASK_EVERY_MS = 500;

export interface RedisConnectionLimitsParts {
  readonly redis: RedisLink;
  /** Prefix of all keys of this installation. */
  readonly prefix: string;
  readonly bus: Bus;
  /** How many processes make calls. */
  readonly sharers: () => number;
  readonly elapsed: () => number;
}

export function redisConnectionLimits({ redis, prefix, bus, sharers, elapsed }: RedisConnectionLimitsParts): LimitedConnections & { stop(): void } {
  const own = createConnectionLimits(elapsed);
  const leases = createLeases({ redis, prefix });
  const inLine = createLines(bus);
  const isConnected = (): boolean => redis.health().state === 'connected';

  /** Undefined if Redis is away. */
  const lease = async (arrival: Arrival, waited: () => number): Promise<Lease | undefined> => {
    const timeUp = new AbortController();
    const timer = setTimeout(() => timeUp.abort(busy(arrival.name, arrival.limits, arrival.timeoutMs)), Math.max(0, arrival.timeoutMs - waited()));
    const signal = AbortSignal.any([arrival.signal, timeUp.signal]);
    const ask = async (freed: Freed): Promise<Lease | undefined> => {
      for (;;) {
        const taken = await leases.take(arrival.key, arrival.limits, arrival.tokens, randomUUID(), waited());
        if (typeof taken !== 'number') return taken;
        await freed(Math.min(taken, ASK_EVERY_MS));
        if (!isConnected()) return undefined;
      }
    };
    return inLine(arrival.key, signal, ask).finally(() => clearTimeout(timer));
  };
  const enter = async (arrival: Arrival): Promise<Place> => {
    const began = elapsed();
    const left = (): number => Math.max(0, began + arrival.timeoutMs - elapsed());
    const waited = (): number => Math.round(elapsed() - began);
    if (isConnected()) {
      const place = await own.enter(arrival);
      const leased = await lease(arrival, waited).catch((error) => {
        place.leave(0);
        throw error;
      });
      if (leased) return { waitedMs: waited(), leave: (used) => leave(arrival.key, place, leased, used) };
      place.leave(0);
    }
    const place = await own.enter({ ...arrival, limits: shareOf(arrival.limits, sharers()), timeoutMs: left() });
    return { ...place, waitedMs: waited() };
  };
  const leave = (key: string, place: Place, leased: Lease, used: number | undefined): void => {
    place.leave(used);
    void leased.free(used).then(() => bus.publish({ kind: 'connection-freed', key }));
  };
  return {
    enter: (arrival) => (isLimited(arrival.limits) ? enter(arrival) : own.enter(arrival)),
    loadOf: own.loadOf,
    stop: leases.stop,
  };
}

const isLimited = ({ atOnce, requestsPerMinute, tokensPerMinute }: ConnectionLimits): boolean =>
  atOnce !== undefined || requestsPerMinute !== undefined || tokensPerMinute !== undefined;

/** The share of a limit that one of several processes may use. */
function shareOf(limits: ConnectionLimits, sharers: number): ConnectionLimits {
  const share = (limit: number | undefined): number | undefined => limit && Math.max(1, Math.floor(limit / sharers));
  const entries = Object.entries(limits).map(([name, limit]) => [name, share(limit)]);
  return Object.fromEntries(entries.filter(([, limit]) => limit !== undefined)) as ConnectionLimits;
}

/** Waits until a place is freed, at most this long. */
type Freed = (limitMs: number) => Promise<void>;

/** The calls of this process that ask Redis for a place, by connection: one at a time, in order. Rejects with the reason of the signal. */
function createLines(bus: Bus) {
  const tails = new Map<string, Promise<unknown>>();
  const waiting = new Map<string, () => void>();
  bus.subscribe((message) => {
    if (message.kind === 'connection-freed') waiting.get(message.key)?.();
  });
  return async (key: string, signal: AbortSignal, ask: (freed: Freed) => Promise<Lease | undefined>): Promise<Lease | undefined> => {
    signal.throwIfAborted();
    const given = Promise.withResolvers<never>();
    const giveUp = (): void => given.reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    const freed: Freed = async (limitMs) => {
      const next = Promise.withResolvers<void>();
      const timer = setTimeout(next.resolve, limitMs);
      waiting.set(key, next.resolve);
      await Promise.race([next.promise, given.promise]).finally(() => clearTimeout(timer));
    };
    const asked = (tails.get(key) ?? Promise.resolve()).then(() => {
      signal.throwIfAborted();
      return ask(freed);
    });
    const tail = asked.catch(() => {});
    tails.set(key, tail);
    void tail.then(() => tails.get(key) === tail && tails.delete(key));
    try {
      return await Promise.race([asked, given.promise]);
    } catch (error) {
      // The canceled call may still get a place.
      void asked.then((lease) => lease?.free(0)).catch(() => {});
      throw error;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  };
}
