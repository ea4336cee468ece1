import { setTimeout as pause } from 'node:timers/promises';
import type { CommitQueue } from './commit-queue.ts';

/** Removals within this time share one emptying of the log. */
const GATHER_MS = 500;
/** Pauses between attempts while a reader uses the log. A backup may take longer: then the next removal or the hourly housekeeping retries. */
const PAUSES_MS = [100, 200, 500, 1_000, 2_000, 5_000, 5_000] as const;

/** Empties the log after values were removed. `isOpen`: a store that closes empties it as well. */
export function createForgetting(queue: Pick<CommitQueue, 'write'>, isOpen: () => boolean): () => Promise<void> {
  let next: Promise<void> | undefined;

  const empty = async (): Promise<void> => {
    await pause(GATHER_MS, undefined, { ref: false });
    next = undefined;
    for (const ms of PAUSES_MS) {
      if (!isOpen() || (await queue.write({ kind: 'empty-log' })) === true) return;
      await pause(ms, undefined, { ref: false });
    }
  };

  return () => (next ??= empty());
}
