/*
 * Serializes writes and removals per blob in this process. Blobs are content-addressed, so a blob being removed may be referenced again. If
 * `shared`, other processes work on the database, too: then the record of a loose blob also says that it is being removed (payloads.ts,
 * blob-sweep.ts).
 */

export interface BlobLocks {
  readonly shared: boolean;
  /** Writes a blob, after any removal of it in progress has ended. */
  keep<T>(hash: string, write: () => Promise<T>): Promise<T>;
  /** Removes a blob. Returns false and does nothing if it is being written. */
  remove(hash: string, work: () => Promise<void>): Promise<boolean>;
}

export function createBlobLocks({ shared = false }: { readonly shared?: boolean } = {}): BlobLocks {
  const writers = new Map<string, number>();
  const removals = new Map<string, Promise<unknown>>();
  const count = (hash: string, change: number): void => {
    const now = (writers.get(hash) ?? 0) + change;
    if (now === 0) writers.delete(hash);
    else writers.set(hash, now);
  };
  return {
    shared,
    keep: async (hash, write) => {
      // Counted before waiting, so no other removal starts.
      count(hash, 1);
      try {
        await removals.get(hash);
        return await write();
      } finally {
        count(hash, -1);
      }
    },
    remove: async (hash, work) => {
      if (writers.has(hash) || removals.has(hash)) return false;
      const removal = work();
      removals.set(
        hash,
        removal.catch(() => undefined),
      );
      try {
        await removal;
        return true;
      } finally {
        removals.delete(hash);
      }
    },
  };
}
