import type { KeyRange } from '@switchyard/shared/run/queue-key.ts';

/* What the queue needs from the store (S46). */

interface WokenRun {
  readonly runId: string;
  readonly workspaceId: string;
  readonly workflowId: string;
  readonly slot?: string;
}

/**
 * `full`: the workflow is at its limit. `held`: a kill switch holds the run. `gone`: it is no longer queued. `unreadable`: it is left to
 * processes of a newer version.
 */
export type QueueClaim = 'claimed' | 'full' | 'held' | 'gone' | 'unreadable';

export interface QueuePorts {
  /** Runs of this workflow are driven only with a slot. */
  isLimited(run: Pick<WokenRun, 'workspaceId' | 'workflowId'> & { readonly standIns?: unknown }): boolean;
  workspaces(): Promise<readonly string[]>;
  /** The first keys in the range, at most this many. */
  page(workspaceId: string, range: KeyRange, limit: number): Promise<readonly string[]>;
  /** Where to find a run that was offered. */
  find(runId: string): Promise<'queued' | 'elsewhere' | 'unreadable'>;
  /** Takes a run from the queue, with a slot if its workflow has a limit. */
  claim(workspaceId: string, key: string): Promise<QueueClaim>;
  /** Puts a run into the queue, unless it is already queued. */
  enqueue(run: WokenRun): Promise<void>;
  /** Takes a run from the queue without a slot, to cancel it. False if it was claimed. */
  dequeue(run: WokenRun): Promise<boolean>;
  /** Frees the slot of a run that is no longer driven. */
  release(run: WokenRun): Promise<void>;
  /** Runs that hold a slot. */
  holders(): Promise<readonly string[]>;
}
