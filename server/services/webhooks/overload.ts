import { AppError } from '@switchyard/shared/errors.ts';

/*
 * Owns: how much is worked on at once. More is refused at the door, so that accepted work keeps its pace and memory stays
 * bounded. Invariant: what is refused has started nothing.
 */

/** Requests that are being answered, and runs that are being driven. */
export const PLACES = 2_000;
/** Bytes of bodies that are being read, and as many again of those that requests and runs are being worked on with. In memory each takes two to three times as much. */
export const BODY_BYTES = 128_000_000;
/** Bodies that are being read. Each holds little until it grows. */
export const MOST_BODIES = 4_000;
const RETRY_MS = 2_000;

export const overloaded = (): AppError => new AppError('overloaded', 'The server is at capacity. Try again shortly.', { retryAfterMs: RETRY_MS });

/** Throws `overloaded` while as many runs are being driven as may be. */
export function refuseOverload(engine: { load(): number }): void {
  if (engine.load() >= PLACES) throw overloaded();
}

/** What one call or run holds. */
export interface BodyHold {
  /** Throws `overloaded` when all together would hold too much. */
  add(bytes: number): void;
  /** Gives everything back; once more does nothing. */
  release(): void;
}

/** Makes the count of bytes that are held, up to `most`. */
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
