import { useEffect, useLayoutEffect, useRef, useSyncExternalStore } from 'react';

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

/** A value computed from the current time. While `live`, it's computed ten times a second, and renders only if it changed. */
export function useLiveValue<T>(live: boolean, compute: (now: number) => T, isSame: (before: T, after: T) => boolean): T {
  const last = useRef<{ readonly value: T }>(null);
  return useSyncExternalStore(live ? fast.subscribe : never, () => {
    const value = compute(fast.now());
    if (!last.current || !isSame(last.current.value, value)) last.current = { value };
    return last.current;
  }).value;
}

/**
 * Calls `draw` after each render, and ten times a second while `live`. Writing to one element is much faster than rendering it, which
 * also visits its siblings: hundreds of cards.
 */
export function useLiveDraw(live: boolean, draw: (now: number) => void): void {
  const latest = useRef(draw);
  useLayoutEffect(() => {
    latest.current = draw;
    draw(fast.now());
  });
  useEffect(() => (live ? fast.subscribe(() => latest.current(fast.now())) : undefined), [live]);
}
