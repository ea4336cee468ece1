/*
 * Recovers unfinished runs FIFO with bounded concurrency. After a crash there may be thousands; starting them all would exhaust memory and
 * provider rate limits. New runs bypass this queue.
 */

export interface RecoveryQueue {
  /** Queues runs and starts those that fit. */
  add(runIds: readonly string[]): void;
  /** No driver has this run any more, so the next one may start. */
  done(runId: string): void;
  /** How many runs have not started yet. */
  queued(): number;
  /** Starts no more runs. */
  stop(): void;
}

/** `hasRoom` says whether another run may start, given how many are active. */
export function createRecoveryQueue(hasRoom: (active: number) => boolean, recover: (runId: string) => void): RecoveryQueue {
  const active = new Set<string>();
  let queue = new Set<string>();
  const fill = (): void => {
    for (const runId of queue) {
      if (!hasRoom(active.size)) return;
      queue.delete(runId);
      active.add(runId);
      recover(runId);
    }
  };
  return {
    add: (runIds) => {
      for (const runId of runIds) if (!active.has(runId)) queue.add(runId);
      fill();
    },
    done: (runId) => {
      active.delete(runId);
      if (queue.size > 0) fill();
    },
    queued: () => queue.size,
    stop: () => {
      queue = new Set();
    },
  };
}
