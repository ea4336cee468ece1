import type { QueueContent } from '@switchyard/shared/contracts/controls/queue.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { keysOf, PRIORITIES } from '@switchyard/shared/run/queue-key.ts';
import { LRUCache } from 'lru-cache';
import { runs } from '../../store/collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { slotsOf } from '../../store/run-placement.ts';

/*
 * Keeps the queue of a workflow within its limit (S46). Owns how full it is, in memory, so that a flood beyond the limit costs no reads.
 * Invariants: 1. The known count is at least the number of runs that this process admitted. 2. It is read again after a second, because runs leave the queue
 * and other processes admit runs too, and before a run is rejected, but at most every 100 ms.
 */

const FRESH_MS = 1_000;
const REFUSED_MS = 100;
const RETRY_MS = 5_000;
const MOST_KNOWN = 5_000;

interface Known {
  /** Queued and driven runs, at most. */
  runs: number;
  readAt: number;
  /** Admitted, and not on disk yet. */
  inFlight: number;
  /** Admitted since the read in progress began. */
  since: number;
  reading: Promise<void> | undefined;
}

export interface QueueRoom {
  /** Admits a run, and returns what to call once it is on disk or rejected. Throws `queue-full` if the queue of its workflow is. */
  admit(store: WorkspaceStore, workflow: { readonly workspaceId: string; readonly workflowId: string }, limits: QueueContent): Promise<() => void>;
}

export function createQueueRoom(elapsed: () => number): QueueRoom {
  const rooms = new LRUCache<string, Known>({ max: MOST_KNOWN });

  const read = async (store: WorkspaceStore, workflowId: string, known: Known, most: number): Promise<void> => {
    const before = known.inFlight;
    const at = elapsed();
    known.since = 0;
    const counts = await Promise.all([
      store.count(runs, { range: slotsOf(workflowId) }, most),
      ...PRIORITIES.map((priority) => store.count(runs, { range: { field: 'queue', ...keysOf(priority, workflowId) } }, most)),
    ]);
    known.runs = before + known.since + counts.reduce((sum, count) => sum + count, 0);
    known.readAt = at;
  };
  const reread = (store: WorkspaceStore, workflowId: string, known: Known, most: number): Promise<void> => {
    known.reading ??= read(store, workflowId, known, most).finally(() => {
      known.reading = undefined;
    });
    return known.reading;
  };

  return {
    admit: async (store, { workspaceId, workflowId }, { concurrency, queueLimit }) => {
      if (queueLimit === null) return () => {};
      const place = `${workspaceId}:${workflowId}`;
      const known = rooms.get(place) ?? { runs: 0, readAt: Number.NEGATIVE_INFINITY, inFlight: 0, since: 0, reading: undefined };
      rooms.set(place, known);
      const most = queueLimit + (concurrency ?? 0);
      const age = elapsed() - known.readAt;
      if (age > FRESH_MS || (known.runs >= most && age > REFUSED_MS)) await reread(store, workflowId, known, most);
      if (known.runs >= most)
        throw new AppError('queue-full', `${queueLimit} runs of this workflow are queued, which is the limit. Try again later.`, { retryAfterMs: RETRY_MS });
      known.runs++;
      known.inFlight++;
      known.since++;
      return () => {
        known.inFlight--;
      };
    },
  };
}
