import type { HttpAnswer, HttpRequest } from '@switchyard/nodes/sdk/context.ts';
import type { ErrorData, FieldError } from '@switchyard/shared/errors.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import type { ChatAnswer, ChatRequest } from '@switchyard/shared/model/chat.ts';
import type { Actor } from '@switchyard/shared/run/actor.ts';
import type { BlobRef } from '@switchyard/shared/run/blob.ts';
import type { HttpCallRecord, JournalEvent, ModelCallRecord, ReviewTask, RunEvent, RunLabels, TriggerData, Usage } from '@switchyard/shared/run/events.ts';
import type { RunStatus } from '@switchyard/shared/run/state.ts';
import type { Bus } from './bus.ts';
import type { Ownership } from './ownership.ts';

/*
 * All that the engine asks of the world. Production wires store, models and sockets to it (engine-adapter/); the simulation
 * wires a world of its own with a clock that it moves. `now` is in milliseconds since 1970.
 */

/** An accepted run: what is known of it before its first event. */
export interface AcceptedRun {
  readonly runId: string;
  readonly workspaceId: string;
  readonly workflowId: string;
  readonly version: 'draft' | number;
  readonly graphHash: string;
  readonly trigger: TriggerData;
  readonly labels: RunLabels;
  readonly actor: Actor;
  /** Rerun from a step: the earlier run and the step to begin at. */
  readonly rerun?: { readonly runId: string; readonly from: string };
}

/** Something that came from outside and decides a wait or the run (S17). */
export interface Signal {
  readonly id: string;
  readonly runId: string;
  readonly kind: 'decision' | 'timer' | 'cancel';
  readonly waitId: string | null;
  readonly value: unknown;
  readonly actor: Actor;
}

/** What the run's row shows; can always be made again from the journal (S16). */
export interface RunSummaryData {
  readonly status: RunStatus;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly output: unknown;
  readonly error: ErrorData | null;
  readonly usage: Usage;
  readonly costMicros: number;
  readonly demo: boolean;
  readonly seq: number;
  readonly wakeAt: string | null;
}

export interface AppendRow {
  readonly seq: number;
  readonly epoch: number;
  readonly events: readonly RunEvent[];
}

/** Inserts a new run and, if given, its first row and summary, all in one commit (S40). Throws `already-exists` when its key is taken. */
export type InsertRun = (first: { readonly row: AppendRow; readonly summary: RunSummaryData } | undefined) => Promise<void>;

export interface OpenReview {
  readonly id: string;
  readonly runId: string;
  readonly workflowId: string;
  readonly stepId: string;
  readonly waitId: string;
  readonly task: ReviewTask;
  /** Where the task is kept, if it is a large one. */
  readonly whole?: BlobRef;
  readonly dueAt: string | null;
  readonly createdAt: string;
}

interface CallOptions {
  readonly workspaceId: string;
  readonly signal: AbortSignal;
}

export interface EnginePorts {
  now(): number;
  /** 0 to 1, for jitter. */
  random(): number;
  /** Milliseconds on a clock that never jumps: measures time spans while this process lives (S88). */
  elapsed(): number;
  /** Calls `fire` once `ms` have passed. Returns how to cancel it. */
  after(ms: number, fire: () => void): () => void;
  /** Calls `listener` whenever the wall clock was set. Returns how to stop that. */
  onClockSet(listener: () => void): () => void;

  readonly ownership: Ownership;
  readonly bus: Bus;
  /** A step of the run, or the run itself, is about to use the event loop: what a watchdog names if it does not come back. */
  starting(runId: string, what: string): void;

  loadRun(runId: string): Promise<AcceptedRun | undefined>;
  loadGraph(run: AcceptedRun): Promise<Graph>;
  readJournal(run: Pick<AcceptedRun, 'runId' | 'workspaceId'>): Promise<JournalEvent[]>;
  /** Resolves after the commit; then the row of the run shows `summary` too. Throws AppError `already-exists` when `seq` is taken: another driver has the run. */
  append(run: AcceptedRun, row: AppendRow, summary?: RunSummaryData): Promise<void>;
  /** Notes on disk that a pure part of this graph is about to run. False when such a note is there already: its process died (S40). */
  beginTrial(run: AcceptedRun): Promise<boolean>;
  endTrial(run: AcceptedRun): Promise<void>;
  /** Brings the run's row up to this summary, unless it has seen later events. */
  summarize(run: AcceptedRun, summary: RunSummaryData): Promise<void>;

  /** Signals of the run that are not in its journal yet, in the order of their arrival. */
  pendingSignals(run: AcceptedRun): Promise<Signal[]>;
  /** False when its id was there already: somebody else has decided. */
  insertSignal(run: AcceptedRun, signal: Signal): Promise<boolean>;
  markMoved(run: AcceptedRun, signalIds: readonly string[]): Promise<void>;

  /** Makes the task. One of this id that is there already is left as it is, or moved on to this wait when it stood for an earlier one. */
  openReview(run: AcceptedRun, review: OpenReview): Promise<void>;
  /** The due time of a task has passed: shows what was decided by that, or that nothing was (null). */
  reviewOverdue(run: AcceptedRun, reviewId: string, decided: unknown): Promise<void>;
  /** Closes tasks that nobody needs to decide any more. */
  closeReviews(run: AcceptedRun, reviewIds: readonly string[]): Promise<void>;

  /** The value is so small that the journal keeps it; `offload` would return it as it is. */
  staysInPlace(value: unknown): boolean;
  /** A value over 64 KB becomes a reference (S28). */
  offload(run: AcceptedRun, value: unknown): Promise<unknown>;
  isReference(value: unknown): boolean;
  load(run: AcceptedRun, reference: unknown): Promise<unknown>;

  chat(request: ChatRequest, options: CallOptions & { readonly onDelta: (text: string) => void }): Promise<{ answer: ChatAnswer; record: ModelCallRecord }>;
  http(request: HttpRequest, options: CallOptions & { readonly idempotencyKey: string }): Promise<{ answer: HttpAnswer; record: HttpCallRecord }>;
  validate(schema: JsonSchema, value: unknown): readonly FieldError[];

  /** Runs that have not ended, for recovery: status and when to wake them. */
  unfinishedRuns(): Promise<readonly { readonly runId: string; readonly status: RunStatus; readonly wakeAt: string | null }[]>;
  /** Runs with signals that are not in their journals. */
  runsWithSignals(): Promise<readonly string[]>;

  /** Something that should never happen did; ids only, never payloads. */
  report(problem: string, details: { readonly runId: string; readonly error?: unknown }): void;
}
