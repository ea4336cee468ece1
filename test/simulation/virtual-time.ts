/* A clock that moves only when nothing else can: the order of events follows only from the seed. */

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
  /** The wall clock. */
  now(): number;
  /** A clock that `set` does not change. */
  elapsed(): number;
  /** Calls `fire` once `ms` have passed. Returns a function that cancels it. */
  after(ms: number, fire: () => void): () => void;
  /** Moves the wall clock forward, or back if `ms` is negative. */
  set(ms: number): void;
  onSet(listener: () => void): () => void;
  /** Fires the next entry. False if there is none. */
  step(): Promise<boolean>;
}

export function createVirtualTime(start = Date.UTC(2026, 0, 1)): VirtualTime {
  let elapsed = 0;
  let order = 0;
  let offset = start;
  let entries: Entry[] = [];
  const listeners = new Set<() => void>();
  return {
    now: () => elapsed + offset,
    elapsed: () => elapsed,
    after: (ms, fire) => {
      const entry = { at: elapsed + ms, order: order++, fire };
      entries.push(entry);
      return () => {
        entries = entries.filter((other) => other !== entry);
      };
    },
    set: (ms) => {
      offset += ms;
      for (const listener of listeners) listener();
    },
    onSet: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    step: async () => {
      await settled();
      const next = entries.reduce<Entry | undefined>((first, entry) => (first && isBefore(first, entry) ? first : entry), undefined);
      if (!next) return false;
      entries = entries.filter((entry) => entry !== next);
      elapsed = Math.max(elapsed, next.at);
      next.fire();
      await settled();
      return true;
    },
  };
}

const isBefore = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** Every promise that can continue has continued. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
