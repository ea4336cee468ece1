import type { EnginePorts } from '../engine/ports.ts';
import { turns } from '../turns.ts';

/** The longest delay that setTimeout supports. */
const LONGEST_MS = 2 ** 31 - 1;
/** How often to check whether the wall clock was changed, and how big a change counts. */
const LOOK_MS = 5_000;
const SET_MS = 1_000;

/** Wall clock, elapsed time, timers, and turns of the event loop. */
export function clockPorts(): Pick<EnginePorts, 'now' | 'elapsed' | 'after' | 'turns' | 'onClockSet'> {
  return { now: () => Date.now(), elapsed: () => performance.now(), after, turns, onClockSet };
}

/** A timer that may be weeks away, longer than one setTimeout supports. */
function after(ms: number, fire: () => void): () => void {
  const due = performance.now() + ms;
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    const left = due - performance.now();
    timer = left > LONGEST_MS ? setTimeout(arm, LONGEST_MS) : setTimeout(fire, Math.max(0, left));
  };
  arm();
  return () => clearTimeout(timer);
}

function onClockSet(listener: () => void): () => void {
  const offset = (): number => Date.now() - performance.now();
  let before = offset();
  const timer = setInterval(() => {
    const now = offset();
    if (Math.abs(now - before) < SET_MS) return;
    before = now;
    listener();
  }, LOOK_MS).unref();
  return () => clearInterval(timer);
}
