import { setImmediate } from 'node:timers/promises';
import { inTurns as inTurnsOf } from '../engine/turns.ts';

/** How long one task may block the event loop before other work gets a turn. */
const TURN_MS = 15;

const clock = { now: () => performance.now(), nextTurn: () => setImmediate() };

/** Runs work that pauses often. Other work gets a turn whenever it has taken `turnMs`. */
export const inTurns = <T>(work: Generator<void, T>, turnMs = TURN_MS): Promise<T> => inTurnsOf(work, clock, turnMs);
