import { inTurns as inTurnsOf, type Turns } from './engine/turns.ts';

/*
 * Shares the event loop among all work whose size an outsider chooses: parsing, validating, compiling, and serializing large values.
 * Invariants: 1. Such work takes about TURN_MS of each turn of the event loop in total, plus one part that can't be split, no matter how
 * many requests arrive at once. 2. Work continues in the order in which it began to wait. 3. Small values never wait.
 */

/** In ms. All waiting work shares it. */
const TURN_MS = 6;

/** Work on more bytes is long. */
export const SMALL_BYTES = 16_384;

export interface EventLoop {
  now(): number;
  /** Calls `fire` in the next turn. */
  later(fire: () => void): void;
}

export function createTurns({ now, later }: EventLoop): Turns {
  const waiting: (() => void)[] = [];
  let ends: number | undefined;
  const isOver = (): boolean => {
    if (ends === undefined) {
      ends = now() + TURN_MS;
      later(() => {
        ends = undefined;
      });
    }
    return now() >= ends;
  };
  const serve = (): void => {
    if (isOver()) {
      later(serve);
      return;
    }
    waiting.shift()?.();
    // Runs once the released work pauses or ends, still in this turn.
    if (waiting.length > 0) queueMicrotask(() => process.nextTick(serve));
  };
  return {
    isOver,
    next: () =>
      new Promise((resolve) => {
        if (waiting.push(resolve) === 1) later(serve);
      }),
  };
}

/** The turns of this process’s event loop. */
export const turns = createTurns({ now: () => performance.now(), later: (fire) => void setImmediate(fire) });

/** Runs work that pauses often. Other work gets a turn whenever it has taken a while. */
export const inTurns = <T>(work: Generator<void, T>): Promise<T> => inTurnsOf(work, turns);

/** Resolves when long work may begin: at once, unless other long work has used up this turn. */
export const ownTurn = async (): Promise<void> => {
  if (turns.isOver()) await turns.next();
};

/** Whether work on so many bytes is long. */
export const isLarge = (bytes: number): boolean => bytes > SMALL_BYTES;
