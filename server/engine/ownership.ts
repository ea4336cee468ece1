import type { RunStatus } from '@switchyard/shared/run/state.ts';

/*
 * Which process drives which run (S41), and which processes died (S29a). Within one process this is memory plus one record in the store
 * (server/ownership/). The journal's unique (run, seq) remains the fence that makes a wrong claim harmless.
 */

/** The process that drove the run is gone. */
export interface CrashEvidence {
  /** The process that died while this run was on probation. The run is charged. */
  readonly markedBy?: string;
  /** No other run was active. */
  readonly alone: boolean;
  /** It died. Otherwise it was not heard from and may only be slow, so no crash is counted. */
  readonly certain: boolean;
}

/** `owned`: a live process drives the run. `unreadable`: it is left to processes of a newer version. */
export type Claim = { readonly kind: 'owned' } | { readonly kind: 'unreadable' } | ClaimedRun;

export interface ClaimedRun {
  readonly kind: 'claimed';
  readonly crash?: CrashEvidence;
  /** No process has driven it, so it has no journal. */
  readonly isNew?: boolean;
}

/** How a run was taken from the queue. */
export interface QueuedClaim {
  readonly epoch: number;
  readonly isNew: boolean;
}

export interface OwnerChange {
  readonly changes: { readonly owner?: null; readonly queue?: null; readonly slot?: null };
  readonly equal: { readonly owner: string; readonly ownerEpoch: number };
}

/** A run, as far as it decides which versions can read it. `seq`: it may have a journal, and is at least this far. */
export interface RunToRead {
  readonly runId: string;
  readonly workspaceId: string;
  readonly graphHash: string;
  readonly seq?: number;
  readonly rerun?: { readonly runId: string };
}

export interface Ownership {
  readonly processId: string;
  /** Other processes work on the same store: heartbeats are renewed, and polling makes up for lost messages. */
  readonly shared: boolean;
  /** The owner of the runs that this process accepts: itself, or null if it leaves them to others. */
  readonly ownerOfNew: string | null;
  /** This process drives a run that it accepted, or took from the queue, and whose record names it. */
  adopt(run: { readonly runId: string; readonly workspaceId: string }, from?: QueuedClaim): void;
  /**
   * How the record of a run changes with its status: one that has ended has no owner. The changes apply only if the record is as
   * expected. Undefined if records name no owner.
   */
  withStatus(runId: string, status: RunStatus): OwnerChange | undefined;
  /** Reads the heartbeats of others. True if a process has died or left since the last read. */
  watch(): Promise<boolean>;
  /** Tells others that this process claims no more runs. */
  drain(): Promise<void>;
  /** Registers this process as live. `abandoned`: runs to drive although this process never claimed them. */
  enter(abandoned: readonly string[]): Promise<void>;
  /** Unregisters after a clean stop: the runs it had count as handed off. */
  leave(): Promise<void>;
  /** Writes this process's heartbeat. */
  renew(): Promise<void>;
  /** Other processes consider this one live. If not, it makes no calls, because another one may drive its runs. */
  holds(): boolean;
  /** Runs to drive that no live process owns, and runs with signals. */
  unowned(): Promise<readonly string[]>;
  /** Records which run is on probation. Resolves when that is on disk. */
  mark(runId: string | null): Promise<void>;
  /** The crash is counted in the run's journal, so the dead process's mark can be removed. */
  charged(runId: string): Promise<void>;
  /** This version knows the run’s node types and events. A single process reports what it doesn’t know when it drives the run. */
  reads(run: RunToRead): Promise<boolean>;
  /** Claims the run for this process, unless a live process has it, or this version can’t read it. */
  claim(runId: string): Promise<Claim>;
  /** Tells the owner of the run to read its signals. */
  notify(runId: string): void;
  /** This process no longer drives the run. True if the run is in the queue now. */
  release(runId: string): Promise<boolean>;
}
