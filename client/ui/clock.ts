import { useSyncExternalStore } from 'react';

/** One timer for all subscribers with the same interval. Stops without subscribers. */
class Clock {
  #now = Date.now();
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #everyMs: number;
  readonly #listeners = new Set<() => void>();

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#timer === undefined) {
      // The time stood still without subscribers. Only the first one updates it: a tick per subscriber would render all of them each time.
      this.#timer = setInterval(this.#tick, this.#everyMs);
      this.#tick();
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  };

  readonly now = (): number => this.#now;

  readonly #tick = (): void => {
    this.#now = Date.now();
    for (const listener of this.#listeners) listener();
  };
}

const slow = new Clock(5_000);
const fast = new Clock(100);
const never = (): (() => void) => () => {};

/** The time, updated every 5 s: for “2 min ago”. */
export const useSlowNow = (): number => useSyncExternalStore(slow.subscribe, slow.now);
/** The time, updated ten times a second while `live`. */
export const useLiveNow = (live: boolean): number => useSyncExternalStore(live ? fast.subscribe : never, fast.now);
