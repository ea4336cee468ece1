import type { CapturedCall } from '@switchyard/shared/realtime/protocol.ts';
import type { JournalEvent, ModelFallback, TriggerData } from '@switchyard/shared/run/events.ts';
import type { ParentRun } from '@switchyard/shared/run/parent-run.ts';
import type { RunState, RunStatus } from '@switchyard/shared/run/state.ts';

/*
 * Messages between processes (S42). They may be lost or duplicated, so subscribers also poll (POLL_MS). Within one process the bus is an
 * emitter (server/ownership/in-process-bus.ts), between processes Redis carries it (server/cluster/).
 */

/** A piece of streamed model output. `toCaller` is false if only people watching the run may see it. */
export interface StreamedWords {
  readonly stepId: string;
  readonly callId: string;
  /** The position in what the call streamed: the characters before, plus one for each restart. A gap means that text was lost. */
  readonly at: number;
  readonly text: string;
  /** The call’s earlier text must be discarded: `text` is the beginning of another answer (S59). */
  readonly restart?: true;
  readonly toCaller: boolean;
}

/** The workspace, workflow, and ID of a run. */
interface RunPlace {
  readonly runId: string;
  readonly workspaceId: string;
  readonly workflowId: string;
  readonly policy?: string;
  /** Its payloads are not shown (S66). */
  readonly sealed?: boolean;
  /** Its caller is told of its end. Not sent to other processes, as what follows. */
  readonly notifies?: true;
  readonly trigger?: Pick<TriggerData, 'kind' | 'headers'>;
  readonly parent?: ParentRun;
  readonly version?: 'draft' | number;
}

export type BusMessage =
  /** To the run's owner: a signal has arrived. */
  | { readonly kind: 'wake'; readonly runId: string }
  /**
   * Events up to the number `head` were committed. From another process, large or sealed ones are left out: `events` is then empty. `state`
   * may be ahead of them and is set only in the process that drives the run.
   */
  | {
      readonly kind: 'run-committed';
      readonly run: RunPlace;
      readonly events: readonly JournalEvent[];
      readonly head: number;
      readonly status: RunStatus;
      readonly state?: RunState;
    }
  | { readonly kind: 'deltas'; readonly run: RunPlace; readonly words: StreamedWords }
  /** A call in progress tries the next target of its route. */
  | { readonly kind: 'fallback'; readonly run: RunPlace; readonly fallback: ModelFallback & { readonly stepId: string; readonly callId: string } }
  /** The run has a response, has ended, or waits. */
  | { readonly kind: 'run-settled'; readonly runId: string }
  /** A list shown on pages, or cached records, changed. */
  | {
      readonly kind: 'invalidate';
      readonly workspaceId: string;
      readonly what: 'inbox' | 'prompts' | 'budgets' | 'prices' | 'kill-switches' | 'held-runs' | 'queue' | 'triggers' | 'experiments';
    }
  /** A workflow, its webhook, or its data policy changed: caches of it are invalid. `isControl`: it was paused, resumed, or deleted. */
  | { readonly kind: 'workflow-changed'; readonly workflowId: string; readonly isControl?: boolean }
  /** A process waits for the next request to the test URL of a workflow. */
  | { readonly kind: 'call-awaited'; readonly workflowId: string }
  | { readonly kind: 'call-captured'; readonly workflowId: string; readonly call: CapturedCall }
  /** A session or token has ended. */
  | { readonly kind: 'credential-ended'; readonly credentialId: string }
  /** A call on this connection has ended, so another may start (S58). */
  | { readonly kind: 'connection-freed'; readonly key: string }
  /** Messages of other processes may have been lost. */
  | { readonly kind: 'missed' }
  /** A draft was saved. */
  | { readonly kind: 'draft-saved'; readonly workspaceId: string; readonly workflowId: string; readonly draftRevision: number };

export interface Bus {
  /** Never throws, and does not wait for subscribers. */
  publish(message: BusMessage): void;
  /** Returns a function that unsubscribes. */
  subscribe(listener: (message: BusMessage) => void): () => void;
}

/** How often to poll in case a message was lost: waiters poll their run, caches expire, workers poll for unowned runs and unmoved
 * signals. */
export const POLL_MS = { waiters: 5_000, caches: 5_000, workers: 10_000 } as const;
