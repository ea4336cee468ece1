import type { ReadAs } from '../contracts/webhooks.ts';
import type { BriefSpent } from '../run/brief-events.ts';
import type { JournalEvent, ModelFallback } from '../run/events.ts';
import type { RunStatus } from '../run/state.ts';

/** `run:watch` sends all events from `fromSeq` (inclusive, 1 for all), then new ones, in order and once each. */
export interface WatchRun {
  readonly runId: string;
  readonly fromSeq: number;
  /**
   * Leaves out what happens in the items of long for-each steps (S36). Batches then come up to ten times a second while items run. `whole`:
   * the for-each steps that the page knows to be short.
   */
  readonly brief?: { readonly whole: readonly string[] };
}
export type WatchAck = { readonly ok: true; readonly head: number } | { readonly error: string };
export interface RunEvents {
  readonly runId: string;
  readonly events: readonly JournalEvent[];
  /** Of a brief watch: the first and the last event that the batch covers, and the cost of the calls that it leaves out. */
  readonly brief?: { readonly from: number; readonly upTo: number; readonly spent?: BriefSpent };
}
/** A piece of streamed text. Ephemeral: never replayed. The journal has the whole text once the call has finished. */
export interface RunDelta {
  readonly runId: string;
  readonly stepId: string;
  readonly callId: string;
  readonly text: string;
}
/** The text that a call streamed so far must be discarded: another answer starts (S59). */
export type RunRestart = Omit<RunDelta, 'text'>;
/** A call tries the next target of its route. Ephemeral: the recorded attempts say it once the call has finished. */
export interface RunFallback extends ModelFallback {
  readonly runId: string;
  readonly stepId: string;
  readonly callId: string;
}
export interface WorkflowRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly status: RunStatus;
}
/** A draft was saved, by any page or program. */
export interface WorkflowChange {
  readonly workflowId: string;
  readonly draftRevision: number;
}
/** A request captured by a listening test URL. */
export interface CapturedCall {
  readonly at: string;
  readonly method: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  /** The type that the body was parsed as. */
  readonly readAs?: ReadAs;
  /** The run that the request started. Absent if its input was rejected. */
  readonly runId?: string;
  /** Why the input was rejected, if it was. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

export interface ClientToServer {
  'run:watch': (watch: WatchRun, ack: (answer: WatchAck) => void) => void;
  'run:unwatch': (watch: { runId: string }) => void;
  'workflow:watch': (watch: { workflowId: string }, ack?: (answer: { ok: true } | { error: string }) => void) => void;
  'workflow:unwatch': (watch: { workflowId: string }) => void;
  'inbox:watch': (ack?: (answer: { ok: true }) => void) => void;
  'inbox:unwatch': () => void;
}
export interface ServerToClient {
  'run:events': (batch: RunEvents) => void;
  'run:delta': (delta: RunDelta) => void;
  'run:restart': (restart: RunRestart) => void;
  'run:fallback': (fallback: RunFallback) => void;
  'workflow:run': (change: WorkflowRun) => void;
  'workflow:changed': (change: WorkflowChange) => void;
  'inbox:changed': () => void;
  /** Changes may not have been announced, so everything that is shown may be out of date. */
  missed: () => void;
}
