import { LRUCache } from 'lru-cache';

/*
 * A value often passes through several steps of a run, and each would write it again. So recently written blobs are remembered, for too
 * short a time for the sweep to free them (blob-sweep.ts waits a day).
 */

/** How long a blob is remembered after it was written. */
export const REMEMBERED_MS = 3_600_000;
const MOST = 2_000;

export interface RecentBlobs {
  /** Writes a blob unless it was written within the last hour. Two at once both write. */
  unlessKept(key: string, write: () => Promise<void>): Promise<void>;
}

export function createRecentBlobs(now: () => Date): RecentBlobs {
  /** When the writing began, by key. */
  const kept = new LRUCache<string, number>({ max: MOST });
  return {
    unlessKept: async (key, write) => {
      const begun = now().getTime();
      const last = kept.get(key);
      if (last !== undefined && Math.abs(begun - last) < REMEMBERED_MS) return;
      await write();
      kept.set(key, begun);
    },
  };
}
