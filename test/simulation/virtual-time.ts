/* A clock that moves only when nothing else can: the order of all that happens follows from the seed alone. */

/** A seeded generator of numbers from 0 to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

export interface VirtualTime {
  now(): number;
  /** Calls `fire` when the clock gets to `at`; answers how to call it off. */
  at(at: number, fire: () => void): () => void;
  /** Fires the next entry; false when there is none. */
  step(): Promise<boolean>;
}

export function createVirtualTime(start = Date.UTC(2026, 0, 1)): VirtualTime {
  let now = start;
  let order = 0;
  let entries: Entry[] = [];
  return {
    now: () => now,
    at: (at, fire) => {
      const entry = { at, order: order++, fire };
      entries.push(entry);
      return () => {
        entries = entries.filter((other) => other !== entry);
      };
    },
    step: async () => {
      await settled();
      const next = entries.reduce<Entry | undefined>((first, entry) => (first && isBefore(first, entry) ? first : entry), undefined);
      if (!next) return false;
      entries = entries.filter((entry) => entry !== next);
      now = Math.max(now, next.at);
      next.fire();
      await settled();
      return true;
    },
  };
}

const isBefore = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** All promises that can go on have gone on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
