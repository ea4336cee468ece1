import type { EnginePorts } from './ports.ts';

/** How long one run may block the event loop before others get a turn. */
export const TURN_MS = 25;

/** The clock of the event loop. */
export interface TurnClock {
  /** Elapsed time in ms. */
  now(): number;
  /** Resolves once others have had a turn. */
  nextTurn(): Promise<void>;
}

export const turnClock = (ports: EnginePorts): TurnClock => ({
  now: ports.elapsed,
  nextTurn: () => new Promise((resolve) => void ports.after(0, resolve)),
});

/** Runs work that pauses often. Others get a turn whenever it has taken `turnMs`. */
export async function inTurns<T>(work: Generator<void, T>, { now, nextTurn }: TurnClock, turnMs = TURN_MS): Promise<T> {
  let end = now() + turnMs;
  for (let part = work.next(); ; part = work.next()) {
    if (part.done) return part.value;
    if (now() < end) continue;
    await nextTurn();
    end = now() + turnMs;
  }
}
