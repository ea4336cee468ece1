/*
 * Recovers unfinished runs FIFO with bounded concurrency. After a crash there may be thousands; starting them all would exhaust memory and
 * provider rate limits. New runs bypass this queue.
 */

export interface RecoveryQueue {
  /** Queues runs and starts those that fit. */
  add(runIds: readonly string[]): void;
  /** No driver has this run any more. If it held a slot, the next run gets it. */
  done(runId: string): void;
  /** How many runs have not started yet. */
  queued(): number;
  /** Starts no more runs. */
  stop(): void;
}

export function createRecoveryQueue(places: number, recover: (runId: string) => void): RecoveryQueue {
  const active = new Set<string>();
  let queue = new Set<string>();
  const fill = (): void => {
    for (const runId of queue) {
      if (active.size >= places) return;
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
      if (active.delete(runId)) fill();
    },
    queued: () => queue.size,
    stop: () => {
      queue = new Set();
    },
  };
}
