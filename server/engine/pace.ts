/*
 * Takes runs up a bounded number at a time, in the order they came: after a crash there may be thousands of unfinished ones, and all
 * at once they would fill the memory and the models' limits. Runs that come in meanwhile do not queue behind them.
 */

export interface Pace {
  /** Puts runs at the end of the queue; those for which there is a place are taken up at once. */
  add(runIds: readonly string[]): void;
  /** Nobody has this run in hand any more: if it had a place, the next one gets it. */
  left(runId: string): void;
  /** How many have not been taken up yet. */
  waiting(): number;
  /** Takes up no more. */
  stop(): void;
}

export function createPace(places: number, takeUp: (runId: string) => void): Pace {
  const inHand = new Set<string>();
  let queue = new Set<string>();
  const fill = (): void => {
    for (const runId of queue) {
      if (inHand.size >= places) return;
      queue.delete(runId);
      inHand.add(runId);
      takeUp(runId);
    }
  };
  return {
    add: (runIds) => {
      for (const runId of runIds) if (!inHand.has(runId)) queue.add(runId);
      fill();
    },
    left: (runId) => {
      if (inHand.delete(runId)) fill();
    },
    waiting: () => queue.size,
    stop: () => {
      queue = new Set();
    },
  };
}
