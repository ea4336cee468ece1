import { setTimeout } from 'node:timers/promises';
import { AppError, type ErrorCode } from '@switchyard/shared/errors.ts';

/*
 * Retries a call to one target after a transient failure (S55): 408, 409, 429, 5xx, 529, and network errors. Waits longer each time, and at
 * least as long as Retry-After asks.
 */

/** Waits `ms`; rejects with the signal’s reason when it aborts. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

interface RetryOptions {
  readonly signal: AbortSignal;
  readonly pause: Pause;
  /** Another target can be called instead, so no wait is long. */
  readonly hasNext: boolean;
  /** Milliseconds until the target’s timeout. */
  msLeft(): number;
  /** How often to retry. */
  readonly retries?: number | undefined;
  /** Called after each failure. */
  mayRetry(): boolean;
}

const RETRIES = 2;
const FIRST_WAIT_MS = 500;
/** If another target is available, a longer Retry-After moves on to it immediately. */
const LONGEST_WAIT_WITH_NEXT_MS = 2_000;
const MAY_PASS: ReadonlySet<ErrorCode> = new Set(['provider-rate-limited', 'provider-overloaded', 'provider-unavailable', 'provider-timeout']);

/** Calls until it succeeds, fails for good, or has been retried twice. Throws the last error. */
export async function withRetries<T>(call: () => Promise<T>, { signal, pause, hasNext, msLeft, mayRetry, retries: most = RETRIES }: RetryOptions): Promise<T> {
  for (let retries = 0; ; retries++) {
    try {
      return await call();
    } catch (thrown) {
      if (!(thrown instanceof AppError) || !MAY_PASS.has(thrown.code) || signal.aborted || retries >= most || !mayRetry()) throw thrown;
      const wait = Math.max(FIRST_WAIT_MS * 2 ** retries * (0.75 + Math.random() / 2), thrown.retryAfterMs ?? 0);
      if (wait >= msLeft() || (hasNext && wait > LONGEST_WAIT_WITH_NEXT_MS)) throw thrown;
      await pause(wait, signal);
    }
  }
}

/** The real `Pause`. */
export const pauseFor: Pause = async (ms, signal) => {
  await setTimeout(ms, undefined, { signal }).catch(() => {
    throw signal.reason;
  });
};
