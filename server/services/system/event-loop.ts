import type { SlowWork } from './slow-work.ts';

/*
 * Measures how long the event loop is blocked: a timer that fires late. Owns the timer.
 */

const EVERY_MS = 250;
/** `lagMs` covers the last one or two of these periods. */
const WINDOW_MS = 5_000;

export interface EventLoopParts {
  /** Monotonic, in ms. */
  readonly elapsed: () => number;
  readonly blocked: (work: SlowWork) => void;
}

export function watchEventLoop({ elapsed, blocked }: EventLoopParts) {
  let last = elapsed();
  let windowFrom = last;
  let longest = 0;
  let longestBefore = 0;
  let step: { readonly runId: string; readonly stepId: string; readonly at: number } | undefined;
  const look = (): void => {
    const now = elapsed();
    const since = last;
    const late = Math.max(0, now - since - EVERY_MS);
    last = now;
    if (now - windowFrom >= WINDOW_MS) {
      longestBefore = longest;
      longest = 0;
      windowFrom = now;
    }
    longest = Math.max(longest, late);
    const cause = step && step.at >= since ? step : undefined;
    blocked({ kind: 'event-loop', what: cause?.stepId ?? '', ms: late, runId: cause?.runId ?? null });
  };
  const timer = setInterval(look, EVERY_MS).unref();
  return {
    /** The longest that the event loop was blocked in the last few seconds. */
    lagMs: (): number => Math.round(Math.max(longest, longestBefore)),
    /** Notes the step that is about to use the event loop. */
    starting: (runId: string, stepId: string): void => {
      step = { runId, stepId, at: elapsed() };
    },
    stop: (): void => clearInterval(timer),
  };
}
