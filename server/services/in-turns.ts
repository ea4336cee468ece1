import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long one task may block the event loop before other work gets a turn. */
const TURN_MS = 15;

/** Runs work that pauses often. Other work gets a turn whenever it has taken a while. */
export async function inTurns<T>(work: Generator<void, T>): Promise<T> {
  let end = performance.now() + TURN_MS;
  for (let part = work.next(); ; part = work.next()) {
    if (part.done) return part.value;
    if (performance.now() < end) continue;
    await nextTurn();
    end = performance.now() + TURN_MS;
  }
}
