/*
 * A value often passes through several steps of a run, each of which would write it again only to hear that it is there. So blobs that were
 * written lately are remembered: for so short a time that none of them can be freed meanwhile (blob-sweep.ts leaves a day).
 */

/** How long a blob is remembered after it was written. */
export const REMEMBERED_MS = 3_600_000;
const MOST = 2_000;

export interface KnownBlobs {
  /** Writes a blob unless it was written within the last hour. Two at once both write. */
  unlessKept(key: string, write: () => Promise<void>): Promise<void>;
}

export function createKnownBlobs(now: () => Date): KnownBlobs {
  /** By key, when the writing began; the oldest first. */
  const kept = new Map<string, number>();
  return {
    unlessKept: async (key, write) => {
      const begun = now().getTime();
      const last = kept.get(key);
      if (last !== undefined && Math.abs(begun - last) < REMEMBERED_MS) return;
      await write();
      kept.delete(key);
      kept.set(key, begun);
      const oldest = kept.size > MOST ? kept.keys().next().value : undefined;
      if (oldest !== undefined) kept.delete(oldest);
    },
  };
}
