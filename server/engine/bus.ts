import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import type { RunState, RunStatus } from '@switchyard/shared/run/state.ts';

/*
 * What processes tell each other (S42). Messages may be lost or doubled, so subscribers also poll (POLL_MS).
 * In one process the bus is an emitter (server/ownership/in-process-bus.ts).
 */

/** Words of a model as they come. `toCaller` is false where only those who watch the run may see them. */
export interface StreamedWords {
  readonly stepId: string;
  readonly callId: string;
  readonly text: string;
  readonly toCaller: boolean;
}

/** Where a run is found. */
interface RunPlace {
  readonly runId: string;
  readonly workspaceId: string;
  readonly workflowId: string;
}

export type BusMessage =
  /** To the owner of a run: a signal has come. */
  | { readonly kind: 'wake'; readonly runId: string }
  /** Events are on disk. `state` may be ahead of them; it is there only in the process that drives the run. */
  | {
      readonly kind: 'run-committed';
      readonly run: RunPlace;
      readonly events: readonly JournalEvent[];
      readonly status: RunStatus;
      readonly state?: RunState;
    }
  | { readonly kind: 'deltas'; readonly run: RunPlace; readonly words: StreamedWords }
  /** The run has a reply, has ended, or waits. */
  | { readonly kind: 'run-settled'; readonly runId: string }
  /** A list that pages show has changed. */
  | { readonly kind: 'invalidate'; readonly workspaceId: string; readonly what: 'inbox' }
  /** A draft was saved. */
  | { readonly kind: 'draft-saved'; readonly workspaceId: string; readonly workflowId: string; readonly draftRevision: number };

export interface Bus {
  /** Never throws, and does not wait for subscribers. */
  publish(message: BusMessage): void;
  /** Returns how to unsubscribe. */
  subscribe(listener: (message: BusMessage) => void): () => void;
}

/** How often to look without being told: waiters for their run, workers for unowned runs and unmoved signals. */
export const POLL_MS = { waiters: 5_000, workers: 10_000 } as const;
