import type { AuthorityNow, ChildRun, HttpAnswer, HttpRequest, NewFile } from '@switchyard/nodes/sdk/context.ts';
import type { DatabaseAnswer, DatabaseRequest } from '@switchyard/nodes/sdk/database.ts';
import type { ReadRows, ReadText, RowOptions, WriteRequest } from '@switchyard/nodes/sdk/documents.ts';
import type { RedactionRule } from '@switchyard/shared/contracts/redaction-rules.ts';
import type { AppError, ErrorData, FieldError } from '@switchyard/shared/errors.ts';
import type { SpendLimit, StandIns } from '@switchyard/shared/evaluation/stand-ins.ts';
import type { ScopeData } from '@switchyard/shared/expression/scope.ts';
import type { FileHandle } from '@switchyard/shared/files/file-handle.ts';
import type { FilesRef } from '@switchyard/shared/files/stored-value.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import type { ChatAnswer, ChatRequest } from '@switchyard/shared/model/chat.ts';
import type { PromptContent } from '@switchyard/shared/model/prompt.ts';
import type { PromptRef, ResolvedPrompt } from '@switchyard/shared/model/prompt-ref.ts';
import type { Actor } from '@switchyard/shared/run/actor.ts';
import type { BlobRef } from '@switchyard/shared/run/blob.ts';
import type {
  ChildOutcome,
  CodeCallRecord,
  HttpCallRecord,
  JournalEvent,
  ModelCallRecord,
  ModelFallback,
  ReviewTask,
  RunEvent,
  RunLabels,
  TriggerData,
  Usage,
  WaitEnd,
} from '@switchyard/shared/run/events.ts';
import type { Fault } from '@switchyard/shared/run/faults.ts';
import type { ParentRun } from '@switchyard/shared/run/parent-run.ts';
import type { Pins } from '@switchyard/shared/run/pin.ts';
import type { RunStatus } from '@switchyard/shared/run/state.ts';
import type { StateRequest, StateResult } from '@switchyard/shared/run/state-change.ts';
import type { RowRequest, RowsResult } from '@switchyard/shared/tables/row-request.ts';
import type { Bus } from './bus.ts';
import type { Dispatch } from './dispatch.ts';
import type { Ownership } from './ownership.ts';
import type { QueuePorts } from './queue/queue-ports.ts';
import type { Turns } from './turns.ts';

/*
 * Everything the engine needs from outside. Production connects it to the store, models, and sockets (engine-adapter/); the simulation
 * provides a world of its own with a clock it controls. `now` is in milliseconds since 1970.
 */

/** An accepted run, as known before its first event. */
export interface AcceptedRun {
  readonly runId: string;
  readonly workspaceId: string;
  readonly workflowId: string;
  readonly version: 'draft' | number;
  readonly graphHash: string;
  readonly trigger: TriggerData;
  readonly labels: RunLabels;
  readonly actor: Actor;
  /** Versions of prompts to use instead of the current ones: those of the rerun's earlier run. */
  readonly prompts?: readonly ResolvedPrompt[];
  /** The content hash of its data policy, if it has one (S65). */
  readonly policy?: string;
  /** Its payloads are encrypted on disk, and not shown (S66). */
  readonly sealed?: boolean;
  /** The run was open when this installation was restored from a backup, and is not driven until it is released. */
  readonly held?: boolean;
  /** How many triggers in a row led to it, by ends of runs. */
  readonly chain?: number;
  /** Its caller is told of its end. */
  readonly notifies?: true;
  /** The shadow that runs on its input, too, once it has ended (S83). */
  readonly shadow?: string;
  /** The run that this one is a child of (S38). */
  readonly parent?: ParentRun;
  /** Rerun from a step: the earlier run and the step to start from. `failedItems`: the succeeded items of that for-each step are reused. */
  readonly rerun?: { readonly runId: string; readonly from: string; readonly failedItems?: boolean };
  /** It ends at this node (S78a). */
  readonly only?: string;
  /** What it breaks on purpose (S78a). */
  readonly faults?: readonly Fault[];
  /** It performs only reads, and recorded responses replace its calls (S82). */
  readonly standIns?: StandIns;
  /** The run is queued: it starts once a process has claimed it. */
  readonly queued?: true;
  /** The slot of its workflow that it takes while it is driven (S46). */
  readonly slot?: string;
}

/** An external input that decides a wait or the run (S17). */
export interface Signal {
  readonly id: string;
  readonly runId: string;
  readonly kind: WaitEnd | 'cancel';
  readonly waitId: string | null;
  readonly value: unknown;
  readonly actor: Actor;
}

/** The summary in the run's record. It can be rebuilt from the journal (S16). */
export interface RunSummaryData {
  readonly status: RunStatus;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly output: unknown;
  readonly error: ErrorData | null;
  readonly usage: Usage;
  readonly costMicros: number;
  readonly unknownPrice: number;
  readonly demo: boolean;
  readonly seq: number;
  readonly wakeAt: string | null;
  /** When it failed. Set only for runs of published versions. */
  readonly uncountedSince?: string;
  /** Marks the hour of a live run that has ended as changed (S86): when it ended. */
  readonly unrolled?: string;
  /** What it says about itself, once it has ended (`readFacts`). */
  readonly facts?: string;
}

export interface AppendRow {
  readonly seq: number;
  readonly epoch: number;
  /** The event version that a reader must know, of this row and those before it. */
  readonly v: number;
  readonly events: readonly RunEvent[];
}

/** Inserts a new run and, if given, its first row and summary, all in one commit (S40). Throws `already-exists` if its key is taken. */
export type InsertRun = (first: { readonly row: AppendRow; readonly summary: RunSummaryData } | undefined) => Promise<void>;

export interface OpenReview {
  readonly id: string;
  readonly runId: string;
  readonly workflowId: string;
  readonly stepId: string;
  readonly waitId: string;
  readonly task: ReviewTask;
  /** Where the full review is stored, if it is large. */
  readonly whole?: BlobRef | FilesRef;
  /** The task as it is, encrypted. `task` then has no values. */
  readonly sealed?: string;
  readonly dueAt: string | null;
  readonly createdAt: string;
  /** The budget that is used up, and its hard limit. */
  readonly budget?: { readonly id: string; readonly hardMicros: number };
}

/** The run that a model call belongs to; policies decide by it. Absent for a call outside a run. */
export interface CallPlace {
  readonly runId: string;
  /** The outermost run: budgets per run count the calls of its child runs. */
  readonly rootId: string;
  readonly workflowId: string;
  readonly version: 'draft' | number;
  /** What started the run. */
  readonly trigger?: string;
  readonly nodeKey: string;
  readonly labels: RunLabels;
  /** Attempt of the step, from 1. */
  readonly attempt: number;
  /** Milliseconds until the step times out. Undefined if it doesn’t. */
  readonly msLeft?: () => number;
  readonly policy?: string;
  /** Unique in its run. */
  readonly callId: string;
  readonly stepId: string;
  /** The wait of the step before its next attempt, if this call fails. */
  readonly retryWaitId: string;
  readonly permit?: CallPermit;
  /** The header that says which trace its requests belong to (S87). */
  readonly traceparent?: string;
  /** Answers of earlier calls are not used (S61). */
  readonly uncached?: true;
  /** What the call may cost at most, together with others (S82). */
  readonly limit?: SpendLimit;
}

/** What reviewers decided about the budgets that blocked a call (S63). */
export interface CallPermit {
  /** Budgets that this call may exceed. */
  readonly allowed: readonly string[];
  /** The new hard limit of a budget. It applies only if the budget still has this revision. Otherwise, the budget was already raised or has changed since. */
  readonly raise?: { readonly budgetId: string; readonly revision: number; readonly hardMicros: number; readonly actor: Actor; readonly reason: string };
}

interface CallOptions {
  readonly workspaceId: string;
  readonly signal: AbortSignal;
}

/** Who a worker thread works for. */
interface WorkerPlace {
  readonly workflowId: string;
  readonly signal: AbortSignal;
}

/** User code with all it can see. */
export interface CodeRequest {
  readonly source: string;
  readonly helpers: string | undefined;
  readonly scope: ScopeData;
  /** What `Date.now()` returns, in ms since 1970. */
  readonly now: number;
  /** Seeds `Math.random()`. */
  readonly seed: string;
  readonly timeoutMs: number;
}
export interface CodeResult {
  readonly outcome: { readonly output: unknown } | { readonly error: AppError };
  readonly record: CodeCallRecord;
}

/** A child run that a step starts. */
export interface StartedChild extends ChildRun {
  readonly stepId: string;
  /** The wait of the step that the end of the child ends. */
  readonly waitId: string;
  /** How many steps like this one the items of the lists around it make. */
  readonly alike: number;
}

export interface EnginePorts {
  now(): number;
  /** 0 to 1, for jitter. */
  random(): number;
  /** Milliseconds on the monotonic clock, for measuring durations while this process lives (S88). */
  elapsed(): number;
  /** Calls `fire` once `ms` have passed. Returns a function that cancels it. */
  after(ms: number, fire: () => void): () => void;
  /** How a run that takes long shares the event loop. */
  readonly turns: Turns;
  /** Calls `listener` whenever the wall clock is changed. Returns a function that unsubscribes. */
  onClockSet(listener: () => void): () => void;

  readonly ownership: Ownership;
  readonly dispatch: Dispatch;
  readonly queue: QueuePorts;
  readonly bus: Bus;
  /** A step of the run, or the run itself, is about to use the event loop. A watchdog names it if it never returns. */
  starting(runId: string, what: string): void;

  loadRun(runId: string): Promise<AcceptedRun | undefined>;
  loadGraph(run: AcceptedRun): Promise<Graph>;
  /** The current versions of prompt references (S52). Omits those that don't exist. */
  resolvePrompts(run: AcceptedRun, refs: readonly PromptRef[]): Promise<ResolvedPrompt[]>;
  /** The pinned outputs of a draft (S78). */
  loadPins(run: AcceptedRun): Promise<Pins>;
  loadPrompt(run: AcceptedRun, contentHash: string): Promise<PromptContent>;
  readJournal(run: Pick<AcceptedRun, 'runId' | 'workspaceId'>): Promise<JournalEvent[]>;
  /**
   * Resolves after the commit; the run's record then shows `summary` too. Throws AppError `already-exists` if `seq` is taken: another
   * driver has the run.
   */
  append(run: AcceptedRun, row: AppendRow, summary?: RunSummaryData): Promise<void>;
  /** Notes on disk that a pure part of this graph is about to run. False if there already is such a note: its process died (S40). */
  beginTrial(run: AcceptedRun): Promise<boolean>;
  endTrial(run: AcceptedRun): Promise<void>;
  /** Updates the run's record to this summary, unless it has seen later events. */
  summarize(run: AcceptedRun, summary: RunSummaryData): Promise<void>;

  /** Signals of the run that are not in its journal yet, in order of arrival. */
  pendingSignals(run: AcceptedRun): Promise<Signal[]>;
  /** False if its ID already exists: another signal has decided. */
  insertSignal(run: AcceptedRun, signal: Signal): Promise<boolean>;
  markMoved(run: AcceptedRun, signalIds: readonly string[]): Promise<void>;

  /** A kill switch keeps the run’s waits from ending: decisions and timers are kept until it is undone (S64). */
  isHeld(run: AcceptedRun): boolean;

  /** Creates the review. If it exists, it is left unchanged, or moved to this wait if it belonged to an earlier one. */
  openReview(run: AcceptedRun, review: OpenReview): Promise<void>;
  /** The review's due time has passed: shows the automatic decision, or that there was none (null). */
  reviewOverdue(run: AcceptedRun, reviewId: string, decided: unknown): Promise<void>;
  /** Closes reviews that no longer need a decision. */
  closeReviews(run: AcceptedRun, reviewIds: readonly string[]): Promise<void>;

  /** True if the value is small enough to stay in the journal and has no files; `offload` would return it unchanged. */
  staysInPlace(value: unknown): boolean;
  /** Replaces a value over 64 KB, or with files, by a reference (S28, S74). */
  offload(run: AcceptedRun, value: unknown): Promise<unknown>;
  isReference(value: unknown): boolean;
  load(run: AcceptedRun, reference: unknown): Promise<unknown>;
  /** The contents of a file. Throws AppError `file-removed`. */
  readFile(run: AcceptedRun, file: FileHandle): Promise<Uint8Array>;
  /** Stores a file of the run. Throws AppError `too-large`. */
  keepFile(run: AcceptedRun, file: NewFile): Promise<FileHandle>;

  chat(
    request: ChatRequest,
    options: CallOptions & {
      readonly onDelta: (text: string) => void;
      /** The text so far must be discarded: another answer starts. */
      readonly onRestart: () => void;
      /** The next target of the route is tried. */
      readonly onFallback: (fallback: ModelFallback) => void;
      /** Called before it rejects, if something was sent. */
      readonly onFailed: (record: ModelCallRecord) => void;
      /** For the last message of the user. */
      readonly files?: readonly FileHandle[];
      /** The text goes to the caller of the run. */
      readonly toCaller: boolean;
      readonly place: CallPlace;
      /** Nothing is sent before this resolves: the start of the call is then on disk. */
      readonly recorded: Promise<void>;
      /** Receives the write that settles the cost of the call. */
      readonly onSettling: (work: Promise<unknown>) => void;
    },
  ): Promise<{ answer: ChatAnswer; record: ModelCallRecord }>;
  http(
    request: HttpRequest,
    options: CallOptions & { readonly idempotencyKey: string; readonly place: CallPlace },
  ): Promise<{ answer: HttpAnswer; record: HttpCallRecord }>;
  /** Runs user code in the sandbox (S73). A failure of the code is an outcome. Rejects only with the reason of its signal. */
  code(request: CodeRequest, place: WorkerPlace): Promise<CodeResult>;
  /** Reads and makes the contents of files in worker threads, within limits. */
  readonly documents: {
    readText(content: Uint8Array, place: WorkerPlace): Promise<ReadText>;
    readRows(content: Uint8Array, options: RowOptions, place: WorkerPlace): Promise<ReadRows>;
    write(request: WriteRequest, place: WorkerPlace): Promise<Uint8Array>;
  };
  /** Reads or changes stored state of the run’s workflow. A change with the same call ID takes effect once (S75). */
  state(run: AcceptedRun, request: StateRequest, callId: string): Promise<StateResult>;
  /** Reads or changes rows of a table. A change with the same call ID takes effect once (S75a). */
  rows(run: AcceptedRun, request: RowRequest, callId: string): Promise<RowsResult>;
  /** Performs a statement in a database. */
  database(request: DatabaseRequest, options: CallOptions): Promise<DatabaseAnswer>;
  /** How much of a group of reviews of a node a person sees, and where this run was drawn (S84). */
  authority(run: AcceptedRun, review: { readonly nodeKey: string; readonly stepId: string; readonly group: string }): Promise<AuthorityNow>;
  /** Starts a child run, unless there is one for this wait already. */
  startChild(run: AcceptedRun, child: StartedChild): Promise<{ readonly runId: string }>;
  /** The URL that ends this wait for a callback. */
  callbackUrl(run: Pick<AcceptedRun, 'runId' | 'workspaceId'>, waitId: string): string;
  /** How a child run ended. */
  childOutcome(run: AcceptedRun, childId: string): Promise<ChildOutcome>;
  /** Child runs of this run that it waits for and that have not ended. */
  openChildren(run: AcceptedRun): Promise<readonly string[]>;
  /** The parent of this run has learned of its end. */
  parentTold(run: AcceptedRun): Promise<void>;
  /** Child runs that have ended, while their parents may not know. */
  untoldChildren(): Promise<readonly string[]>;
  /** A value as these rules, or else the run’s data policy, leave it. Rejects with `redaction-refused`. */
  redact<T>(run: AcceptedRun, value: T, rules?: readonly RedactionRule[]): Promise<{ readonly value: T; readonly found: Readonly<Record<string, number>> }>;
  /** A value with the real values instead of the run’s tokens. */
  restore<T>(run: AcceptedRun, value: T): Promise<T>;
  validate(schema: JsonSchema, value: unknown): readonly FieldError[];
  /** The header `traceparent` of a call’s requests. Missing if traces are not exported. */
  readonly traceparent?: ((run: AcceptedRun, callId: string) => string) | undefined;

  /** Runs that have not ended, for recovery: their status and when to wake them. */
  unfinishedRuns(): Promise<readonly { readonly runId: string; readonly status: RunStatus; readonly wakeAt: string | null }[]>;
  /** Runs with signals that are not in their journals. */
  runsWithSignals(): Promise<readonly string[]>;

  /** Reports something that should never happen. Only IDs, never payloads. */
  report(problem: string, details: { readonly runId: string; readonly error?: unknown }): void;
}
