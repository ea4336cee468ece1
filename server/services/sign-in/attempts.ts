import { AppError } from '@switchyard/shared/errors.ts';
import ipaddr from 'ipaddr.js';
import { createRateLimits } from '../webhooks/rate-limits.ts';

/*
 * How often a wrong password may be tried: ten times from an address, then once a minute; and once a second from all addresses together, so
 * that trying it from many places does not keep the machine busy with hashing. An address from which the password was right is not
 * held up by what others try. In memory: a restart begins anew.
 */

const PER_ADDRESS = { places: 10, spanMs: 600_000 };
const FROM_ALL = { places: 60, spanMs: 60_000 };
const MOST_KNOWN = 1_000;
const MOST_CHARACTERS = 64;

export interface Attempts {
  /** Takes the place of one try. Throws `rate-limited` with when to come back. */
  take(address: string): void;
  /** The password was right: the try does not count, and its address is known from now on. */
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
        const message = `Too many tries to sign in. Try again in ${seconds} s.`;
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

/** Whoever has one IPv6 address mostly has the whole network of 64 bits. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address.slice(0, MOST_CHARACTERS);
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString();
}
