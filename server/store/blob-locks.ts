/*
 * Keeps those who write a blob and those who remove it apart: a blob is found by its content, so somebody may refer again to what is just
 * being removed. In memory is enough, as one process at a time serves a database (its lock or lease).
 */

export interface BlobLocks {
  /** Writes a blob, once a removal of it that is under way has ended. */
  keep<T>(hash: string, write: () => Promise<T>): Promise<T>;
  /** Removes a blob unless somebody is writing it: then answers false and does nothing. */
  remove(hash: string, work: () => Promise<void>): Promise<boolean>;
}

export function createBlobLocks(): BlobLocks {
  const writers = new Map<string, number>();
  const removals = new Map<string, Promise<unknown>>();
  const count = (hash: string, change: number): void => {
    const now = (writers.get(hash) ?? 0) + change;
    if (now === 0) writers.delete(hash);
    else writers.set(hash, now);
  };
  return {
    keep: async (hash, write) => {
      // Counted before waiting, so that no other removal begins.
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
