/*
 * Which process drives which run (S41), and which processes died (S29a). In one process this is memory and one record
 * in the store (server/ownership/). The journal's unique (run, seq) stays the fence that makes a wrong claim harmless.
 */

/** The process that drove the run is gone. */
export interface CrashEvidence {
  /** The process that went away while this run was on probation. The run is charged. */
  readonly markedBy?: string;
  /** No other run was active. */
  readonly alone: boolean;
  /** It died. Otherwise it was not heard of, and may only be slow: no crash is counted. */
  readonly certain: boolean;
}

/** `owned`: a live process drives the run. */
export type Claim = { readonly kind: 'owned' } | { readonly kind: 'claimed'; readonly crash?: CrashEvidence };

export interface Ownership {
  readonly processId: string;
  /** Other processes work on the same store: beats are renewed, and lost messages made up for by looking. */
  readonly shared: boolean;
  /** Enters this process among the live ones. `abandoned`: runs that are to be driven, although this process never claimed them. */
  enter(abandoned: readonly string[]): Promise<void>;
  /** Leaves after a clean stop: the runs it had are not cut off. */
  leave(): Promise<void>;
  /** Writes the beat of this process. */
  renew(): Promise<void>;
  /** Others take this process for live. If not, it makes no calls, because another one may drive its runs. */
  holds(): boolean;
  /** Runs to be driven that no live process owns. */
  unowned(): Promise<readonly string[]>;
  /** Writes down which run is on probation. Resolves when it is on disk. */
  mark(runId: string | null): Promise<void>;
  /** The crash is counted in the run's journal, so the mark of the dead process can go. */
  charged(runId: string): Promise<void>;
  /** Takes the run for this process, unless a live process has it. */
  claim(runId: string): Promise<Claim>;
  /** Tells the owner of the run to read its signals. */
  notify(runId: string): void;
  /** This process does not drive the run any more. */
  release(runId: string): void;
}
