/*
 * Whether what was last read of the kill switches is still what is stored. Owns: when to read again. Invariant: it counts as current at a
 * time only if a read began then, or if no change was known then that had not been read.
 */

/** After this long without a proof, what was read may be outdated. */
const STALE_MS = 2_000;
/** Even if nothing was changed: a process may end before it says so. */
const READ_ANYWAY_MS = 5_000;

/** `elapsed` is monotonic. */
export function createFreshness(elapsed: () => number) {
  let changes = 0;
  let read = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  let confirmedAt = Number.NEGATIVE_INFINITY;
  return {
    /** Something was changed, here or elsewhere. */
    changed: (): void => void changes++,
    /** A read begins. Returns what to call when it has succeeded. */
    reading: () => {
      const [at, known] = [elapsed(), changes];
      return (): void => {
        readAt = Math.max(readAt, at);
        read = Math.max(read, known);
      };
    },
    /** At this time, nothing else had been changed. */
    confirm: (at: number): void => {
      if (read === changes) confirmedAt = Math.max(confirmedAt, at);
    },
    isStale: (): boolean => elapsed() - Math.max(readAt, confirmedAt) > STALE_MS,
    /** Without confirmations, always. */
    isReadDue: (): boolean => read !== changes || elapsed() - confirmedAt >= STALE_MS || elapsed() - readAt >= READ_ANYWAY_MS,
  };
}
