import { AppError } from '@switchyard/shared/errors.ts';
import ipaddr from 'ipaddr.js';
import { createRateLimits } from '../webhooks/rate-limits.ts';

/*
 * Limits wrong passwords: ten attempts per address, then one a minute, and one a second from all addresses together, so that distributed
 * attempts don't keep the machine busy with hashing. An address that once had the right password is not affected by the attempts
 * of others. In memory: a restart resets the counts.
 */

const PER_ADDRESS = { places: 10, spanMs: 600_000 };
const FROM_ALL = { places: 60, spanMs: 60_000 };
const MOST_KNOWN = 1_000;
const MOST_CHARACTERS = 64;

export interface Attempts {
  /** Uses one attempt. Throws `rate-limited` with when to retry. */
  take(address: string): void;
  /** The password was right: the attempt doesn't count, and its address is trusted from now on. */
  right(address: string): void;
}

export function createAttempts(now: () => number): Attempts {
  const own = createRateLimits(now, PER_ADDRESS.spanMs);
  const all = createRateLimits(now, FROM_ALL.spanMs);
  const known = new Set<string>();
  return {
    take: (address) => {
      const from = networkOf(address);
      const wait = own.take(from, PER_ADDRESS.places) || (known.has(from) ? 0 : all.take('all', FROM_ALL.places));
      if (wait > 0) {
        const seconds = Math.ceil(wait / 1_000);
        const message = `Too many sign-in attempts. Try again in ${seconds} s.`;
        throw new AppError('rate-limited', message, { retryAfterMs: wait, details: { retryAfterSeconds: seconds } });
      }
    },
    right: (address) => {
      const from = networkOf(address);
      own.giveBack(from, PER_ADDRESS.places);
      if (known.size >= MOST_KNOWN) known.clear();
      known.add(from);
    },
  };
}

/** A client with one IPv6 address usually controls its whole /64 network. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address.slice(0, MOST_CHARACTERS);
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString();
}
