import { LRUCache } from 'lru-cache';

/** Limits how often something may be done within a time. In memory: after a restart each name begins with all its places. */
export interface RateLimits {
  /** Takes one call's place; answers in how many ms there is one again when there is none, else 0. */
  take(name: string, places: number): number;
  /** Gives back a place that was taken. */
  giveBack(name: string, places: number): void;
}

const MINUTE_MS = 60_000;
const MOST_KEPT = 10_000;

/**
 * All places of a span may be taken at once, and what was used fills up again evenly (GCRA, ITU-T I.371): of each name only the moment
 * is kept when all its places are free again. `now` and the span, a minute unless said otherwise, in ms.
 */
export function createRateLimits(now: () => number, spanMs = MINUTE_MS): RateLimits {
  const freeAt = new LRUCache<string, number>({ max: MOST_KEPT });
  return {
    take: (name, places) => {
      const at = now();
      const place = spanMs / places;
      // Never more than a span ahead, though the clock was set back or the limit made smaller.
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
