import { AppError } from '@switchyard/shared/errors.ts';

/*
 * Owns the limits of concurrent work. More is rejected at the start, so that accepted work stays fast and memory stays
 * bounded. Invariant: rejected work has started nothing.
 */

/** Requests being answered, and runs being driven. */
export const PLACES = 2_000;
/** Maximum bytes of bodies being read, and separately of bodies in use by requests and runs. Memory use is two to three times as much. */
export const BODY_BYTES = 128_000_000;
/** Bodies being read. Each holds little until it grows. */
export const MOST_BODIES = 4_000;
const RETRY_MS = 2_000;

export const overloaded = (): AppError => new AppError('overloaded', 'The server is at capacity. Try again shortly.', { retryAfterMs: RETRY_MS });

/** Throws `overloaded` while the maximum number of runs is being driven. */
export function refuseOverload(engine: { load(): number }): void {
  if (engine.load() >= PLACES) throw overloaded();
}

/** The memory of one request or run. */
export interface BodyHold {
  /** Throws `overloaded` if the total would be too much. */
  add(bytes: number): void;
  /** Releases everything. Idempotent. */
  release(): void;
}

/** Creates the count of bytes in use, up to `most`. */
export function createBodyRoom(most: number): () => BodyHold {
  let all = 0;
  return () => {
    let own = 0;
    return {
      add: (bytes) => {
        if (all + bytes > most) throw overloaded();
        all += bytes;
        own += bytes;
      },
      release: () => {
        all -= own;
        own = 0;
      },
    };
  };
}
