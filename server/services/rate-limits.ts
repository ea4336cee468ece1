/** Limits how many calls a minute a webhook takes. In memory: after a restart every webhook begins with a full minute's worth. */
export interface RateLimits {
  /** Takes one call's place; answers in how many ms there is one again when there is none, else 0. */
  take(name: string, perMinute: number): number;
}

const MINUTE_MS = 60_000;
const MOST_KEPT = 10_000;

/**
 * A minute's worth may come at once, and what was used fills up again evenly (GCRA, ITU-T I.371): of each webhook only the moment is
 * kept when all its places are free again. `now` in ms.
 */
export function createRateLimits(now: () => number): RateLimits {
  const freeAt = new Map<string, number>();
  return {
    take: (name, perMinute) => {
      const at = now();
      const place = MINUTE_MS / perMinute;
      // Never more than a minute ahead, though the clock was set back or the limit made smaller.
      const used = Math.min(MINUTE_MS, Math.max(0, (freeAt.get(name) ?? 0) - at));
      const missing = Math.round(used + place - MINUTE_MS);
      if (!freeAt.has(name) && freeAt.size >= MOST_KEPT) forgetOldest(freeAt);
      freeAt.set(name, at + used + (missing > 0 ? 0 : place));
      return Math.max(0, missing);
    },
  };
}

function forgetOldest(freeAt: Map<string, number>): void {
  const oldest = freeAt.keys().next().value;
  if (oldest !== undefined) freeAt.delete(oldest);
}
