import { LRUCache } from 'lru-cache';

/** Limits how often something may happen within a period. In memory: a restart resets every name. */
export interface RateLimits {
  /** Takes one place. Returns 0, or in how many ms the next one is free. */
  take(name: string, places: number): number;
  /** Returns a place. */
  giveBack(name: string, places: number): void;
}

/** Limits across all processes of an installation. */
export interface SharedRates {
  /** Takes one place. Resolves with 0, or with the ms until the next one is free. */
  take(name: string, places: number): Promise<number>;
}

export const MINUTE_MS = 60_000;
const MOST_KEPT = 10_000;

/**
 * All places of a period may be taken at once, and they refill evenly (GCRA, ITU-T I.371). For each name, only one time is stored: when all
 * its places are free again. `now` and the period, a minute by default, are in ms.
 */
export function createRateLimits(now: () => number, spanMs = MINUTE_MS): RateLimits {
  const freeAt = new LRUCache<string, number>({ max: MOST_KEPT });
  return {
    take: (name, places) => {
      const at = now();
      const place = spanMs / places;
      // At most one period ahead, even if the clock was set back or the limit lowered.
      const used = Math.min(spanMs, Math.max(0, (freeAt.get(name) ?? 0) - at));
      const missing = Math.round(used + place - spanMs);
      freeAt.set(name, at + used + (missing > 0 ? 0 : place));
      return Math.max(0, missing);
    },
    giveBack: (name, places) => {
      const at = freeAt.get(name);
      if (at !== undefined) freeAt.set(name, at - spanMs / places);
    },
  };
}
