import { LRUCache } from 'lru-cache';

/*
 * Skips rewriting blobs written in the last hour, since a value often passes through several steps. Safe because the sweep waits a day
 * (blob-sweep.ts).
 */

/** How long a written blob is remembered. */
export const REMEMBERED_MS = 3_600_000;
const MOST = 2_000;

export interface RecentBlobs {
  /** Writes a blob unless it was written within the last hour. Two concurrent calls both write. */
  unlessKept(key: string, write: () => Promise<void>): Promise<void>;
}

export function createRecentBlobs(now: () => Date): RecentBlobs {
  /** When writing started, by key. */
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
