/*
 * Whether the kill switches as last read are still current. Owns when to read again. Invariant: they count as current at a time only if a
 * read began then, or if every change known then had been read.
 */

/** After this long without proof, the last read may be outdated. */
const STALE_MS = 2_000;
/** Read this often even without a change: a process may end before it announces one. */
const READ_ANYWAY_MS = 5_000;

/** `elapsed` is monotonic. */
export function createFreshness(elapsed: () => number) {
  let changes = 0;
  let read = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  let confirmedAt = Number.NEGATIVE_INFINITY;
  return {
    /** Kill switches changed, here or elsewhere. */
    changed: (): void => void changes++,
    /** A read begins. Returns what to call when it has succeeded. */
    reading: () => {
      const [at, known] = [elapsed(), changes];
      return (): void => {
        readAt = Math.max(readAt, at);
        read = Math.max(read, known);
      };
    },
    /** Confirms that nothing else had changed at this time. */
    confirm: (at: number): void => {
      if (read === changes) confirmedAt = Math.max(confirmedAt, at);
    },
    isStale: (): boolean => elapsed() - Math.max(readAt, confirmedAt) > STALE_MS,
    /** Whether a read is due. Without confirmations, it always is. */
    isReadDue: (): boolean => read !== changes || elapsed() - confirmedAt >= STALE_MS || elapsed() - readAt >= READ_ANYWAY_MS,
  };
}
