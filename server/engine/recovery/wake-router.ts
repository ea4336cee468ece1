import type { Dispatch } from '../dispatch.ts';
import type { AcceptedRun } from '../ports.ts';

interface Routed {
  readonly dispatch: Dispatch;
  /** Several processes drive runs. */
  readonly shared: boolean;
  /** Returns a number that no earlier offer of a run had. */
  readonly now: () => number;
  /** A slot is free here. */
  readonly hasRoom: () => boolean;
  readonly isDriven: (runId: string) => boolean;
  /** Tells the owner of a run to read its signals. */
  readonly notify: (runId: string) => void;
  /** Drives a run here, or reads its signals. */
  readonly here: (runId: string, accepted?: AcceptedRun) => void;
  /** Claims a run and drives it, as soon as a slot is free. */
  readonly claim: (runIds: readonly string[]) => void;
  /** Starts the queued run whose turn it is. */
  readonly lookAtQueue: () => void;
}

/** Wakes a run where it belongs: here, at its owner, or at the first worker with a free slot. */
export function createRouter({ dispatch, shared, ...parts }: Routed) {
  return {
    wake: (runId: string, accepted?: AcceptedRun): void => {
      if (accepted?.queued && parts.hasRoom()) {
        parts.lookAtQueue();
        return;
      }
      const isHere = !shared || parts.isDriven(runId) || (accepted !== undefined && !accepted.queued);
      if (!isHere && !accepted) parts.notify(runId);
      if (isHere) parts.here(runId, accepted);
      else if (parts.hasRoom()) parts.claim([runId]);
      else dispatch.offer(runId, accepted ? 0 : parts.now());
    },
  };
}
