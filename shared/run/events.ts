import type { ErrorData } from '../errors.ts';
import type { StandInFor, StopReason } from '../evaluation/stand-ins.ts';
import type { FilesRef } from '../files/stored-value.ts';
import type { Effect } from '../graph/node-kind.ts';
import type { PromptUse, ResolvedPrompt } from '../model/prompt-ref.ts';
import type { Actor } from './actor.ts';
import type { BlobRef } from './blob.ts';
import type { Fault, FaultKind } from './faults.ts';
import type { Pins } from './pin.ts';

export const TRIGGER_KINDS = [
  'webhook',
  'test-webhook',
  'canvas',
  'api',
  'openai',
  'rerun',
  'workflow',
  'schedule',
  'workflow-ended',
  'error',
  'form',
  'chat',
  'queue',
  'replay',
  'shadow',
  'experiment',
] as const;
export type TriggerKind = (typeof TRIGGER_KINDS)[number];

/** A message of a chat, in the form in which models take messages. */
export interface PastMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** What a run starts with: the scope's `trigger`. */
export interface TriggerData {
  readonly kind: TriggerKind;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  /** Of a chat: the ID of the conversation, and its earlier messages, oldest first. */
  readonly conversation?: string;
  readonly history?: readonly PastMessage[];
  /** On disk, if the values are encrypted (S66): all of them. */
  readonly sealed?: string;
  /** On disk, if the values are encrypted: the contents of their files. */
  readonly held?: readonly { readonly $blob: string }[];
}

/** Tokens of model calls. */
export interface Usage {
  /** All input tokens, including cached ones. */
  readonly inputTokens: number;
  /** All output tokens, including reasoning. */
  readonly outputTokens: number;
  /** Input that the provider had cached. Missing if there was none. */
  readonly cachedInputTokens?: number | undefined;
  /** Input that the provider put into its cache, at its own price. Missing if there was none. */
  readonly cacheWriteTokens?: number | undefined;
  /** Output that was reasoning. Missing if there was none, or the provider doesn’t say. */
  readonly reasoningTokens?: number | undefined;
}

export type RunLabels = Readonly<Record<string, string>>;

/** The response that an Output node returns to the caller. */
export interface Reply {
  readonly value: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly outcome: 'success' | 'failure';
  /** The caller gets the real values instead of tokens (S65). */
  readonly restore?: boolean;
}

/** Why a step waits. `id` is unique in the run. The code that ends the wait inserts the signal with that ID first (S17). */
export type Wait =
  | {
      readonly kind: 'review';
      readonly id: string;
      readonly reviewId: string;
      /** The review. If it is large, only what identifies it, with the rest in `whole`. */
      readonly task: ReviewTask;
      readonly whole?: BlobRef | FilesRef;
      readonly dueAt?: string;
    }
  | { readonly kind: 'timer'; readonly id: string; readonly dueAt: string; readonly wallClock?: true }
  | { readonly kind: 'retry'; readonly id: string; readonly dueAt: string }
  /** A child run, started for this wait (S38). */
  | { readonly kind: 'run'; readonly id: string; readonly runId: string }
  /** A request to the callback URL of this wait. */
  | { readonly kind: 'callback'; readonly id: string; readonly dueAt?: string }
  /** An unsafe step was interrupted: a person decides whether to run it again. */
  | { readonly kind: 'interrupted'; readonly id: string; readonly reviewId: string; readonly task: ReviewTask }
  /** A budget is used up: a person decides about the call, unless the period ends first (S63). */
  | {
      readonly kind: 'budget';
      readonly id: string;
      readonly reviewId: string;
      readonly task: ReviewTask;
      readonly asks: BudgetAsk;
      /** Budgets that reviewers have already allowed this call to exceed. */
      readonly allowed: readonly string[];
      readonly dueAt?: string;
    }
  /** The run performs only reads, and this step can’t continue without an effect, a person, or a callback. The wait never ends (S82). */
  | { readonly kind: 'stopped'; readonly id: string; readonly why: StopReason };

/** The budget that blocked a call, as the decision needs it. */
export interface BudgetAsk {
  readonly budgetId: string;
  /** Of the budget, when it was used up. */
  readonly revision: number;
  readonly hardMicros: number;
  readonly callId: string;
}

/** What a person is asked to decide. */
export interface ReviewTask {
  readonly title: string;
  readonly instructions?: string;
  /** Reason for the review. */
  readonly why?: string;
  readonly assignee?: string;
  /** What happens when the due time passes without a decision. */
  readonly whenDue?: WhenDue;
  /** `requireFields`: whether required fields must be filled in. Left out, only the first decision requires them. */
  readonly decisions: readonly { readonly id: string; readonly title: string; readonly requireFields?: boolean | undefined }[];
  /** The editable fields, with the draft filled in. */
  readonly fields: readonly ReviewField[];
  /** The context shown next to the fields. */
  readonly context: readonly ReviewContext[];
  /** How it was drawn, if its decision counts as evidence (S84). */
  readonly drawn?: DrawnReview;
}
/** Why a person sees a review of a node that may need fewer. */
export interface DrawnReview {
  /** What the reviews of its node are told apart by. */
  readonly group: string;
  /** With which a person would see it, above 0 and at most 1. */
  readonly probability: number;
  /** What its gate compares, from 0 to 1. */
  readonly confidence?: number;
}
export type WhenDue =
  | { readonly action: 'error' }
  | { readonly action: 'decide'; readonly decision: string }
  | { readonly action: 'assign'; readonly assignee: string };
export interface ReviewContext {
  readonly label: string;
  readonly value: unknown;
  /** `quote`: someone's own words. `text`: Markdown. `fact`: a single line. If omitted, depends on the value. */
  readonly show?: 'fact' | 'quote' | 'text';
}
export interface ReviewField {
  readonly name: string;
  readonly label: string;
  readonly kind: 'text' | 'long-text' | 'number' | 'boolean' | 'choice' | 'json';
  readonly value: unknown;
  readonly required?: boolean;
  readonly choices?: readonly string[];
  /** Unit of a number: `EUR`. */
  readonly unit?: string;
}

/** One attempt at a model target within a call. */
export interface CallAttempt {
  readonly connection: string;
  readonly model: string;
  readonly latencyMs: number;
  /** The wait for its turn on the connection (S58). Not part of `latencyMs`. */
  readonly queuedMs?: number;
  /** Why it failed and the next attempt was made. Missing if it succeeded. */
  readonly error?: ErrorData;
  /**
   * What a failed attempt sent: its settings, and any messages added to those of the call. The record of the call has its messages, tools, and
   * schema, and everything that the successful attempt sent and received. Missing if nothing was sent.
   */
  readonly request?: unknown;
  /** Parameters of the request that the model rejects, so they were omitted or translated (S56). */
  readonly adjusted?: readonly string[];
  /** What a failed attempt received, even if unusable. Only the beginning of a long text. */
  readonly answer?: string;
  /** Characters of an answer that is not kept in full. */
  readonly answerLength?: number;
  readonly finishReason?: string;
  readonly usage?: Usage;
  /** Null if the model has no price. */
  readonly costMicros?: number | null;
  /** Measured from when the request was sent. */
  readonly firstTokenMs?: number;
}

/** A model of a connection, by the connection’s name. */
export type ModelName = Pick<CallAttempt, 'connection' | 'model'>;

/** A call in progress fell back: `from` failed with `error`, now `to` is tried. */
export interface ModelFallback {
  readonly from: ModelName;
  readonly to: ModelName;
  readonly error: ErrorData;
}

/** A target whose condition left it out of a call (S54). */
export interface LeftOutTarget {
  readonly connectionId: string;
  readonly model: string;
  readonly reason: string;
}

/** Record of a model call: request, output, and cost. Money in micro-dollars. */
export interface ModelCallRecord {
  readonly kind: 'model';
  readonly route: string;
  /** The version of the route (S54). Missing in calls of version 0.1. */
  readonly routeVersion?: number;
  /** The answer is that of an earlier call, at no cost (S61). */
  readonly cached?: boolean;
  readonly leftOut?: readonly LeftOutTarget[];
  /** Why the sticky key of the route had no value, so the target was drawn for this call only. */
  readonly stickyFault?: string;
  /** The prompt of the registry that the messages came from. */
  readonly prompt?: PromptUse;
  /** A budget’s soft limit changed the route. */
  readonly degraded?: { readonly by: string; readonly from: string; readonly to: string };
  readonly connection: string;
  readonly provider: string;
  /** The model that served the call, by its own name. */
  readonly model: string;
  /** The demo model responded: rule-based and free. */
  readonly demo: boolean;
  readonly request: unknown;
  readonly answer: string;
  /** The model's reasoning, which is not part of the output (S59). */
  readonly reasoning?: string;
  /** Parameters that the model rejects, so they were omitted or translated (S56). */
  readonly adjusted?: readonly string[];
  readonly finishReason: string;
  readonly usage: Usage;
  /** Null if a model without a price took part. */
  readonly costMicros: number | null;
  /** What a token cost then, in micro-dollars (S67). Missing without a price, and in earlier calls. */
  readonly price?: { readonly input: number; readonly output: number; readonly cachedInput?: number; readonly cacheWrite?: number };
  readonly latencyMs: number;
  readonly firstTokenMs?: number;
  readonly attempts: readonly CallAttempt[];
}
/** Record of an HTTP request, without secrets. */
export interface HttpCallRecord {
  readonly kind: 'http';
  readonly method: string;
  readonly url: string;
  readonly status?: number;
  readonly bytes?: number;
  readonly latencyMs: number;
}
export const CONSOLE_LEVELS = ['log', 'info', 'debug', 'warn', 'error'] as const;
/** One call of `console` in user code. */
export interface ConsoleLine {
  readonly level: (typeof CONSOLE_LEVELS)[number];
  readonly text: string;
}
/** Record of user code that ran in the sandbox (S73). */
export interface CodeCallRecord {
  readonly kind: 'code';
  /** Only the first lines, and the beginning of long ones. */
  readonly console: readonly ConsoleLine[];
  /** Lines that were not kept. */
  readonly leftOut?: number;
  readonly latencyMs: number;
}
export type CallRecord = ModelCallRecord | HttpCallRecord | CodeCallRecord;

/** Tokens and money in micro-dollars. */
export interface Spent {
  readonly usage: Usage;
  /** Null if a model without a price took part. */
  readonly costMicros: number | null;
  /** Then the cost of the models with a price, if there is any. */
  readonly knownMicros?: number;
}

/** What ends a wait. */
export type WaitEnd = 'decision' | 'timer' | 'run' | 'callback';

/** How a child run ended: the value that ends its wait. */
export interface ChildOutcome {
  readonly runId: string;
  readonly status: 'succeeded' | 'failed' | 'cancelled';
  readonly output: unknown;
  readonly error: ErrorData | null;
}

export type CancelReason = 'superseded' | 'run-cancelled' | 'run-failed' | 'item-failed';

/** What a failed item does to its for-each step: it is listed in the output, or it stops the others and fails the step (S35). */
export const ON_ITEM_ERROR = ['collect', 'stop'] as const;
export type OnItemError = (typeof ON_ITEM_ERROR)[number];

type Events = {
  'run-started': {
    workflowId: string;
    version: 'draft' | number;
    trigger: TriggerKind;
    labels: RunLabels;
    graphHash: string;
    /** The versions of the graph's prompt references in this run (S52). */
    prompts?: readonly ResolvedPrompt[];
    /** The content hash of the data policy, if there is one (S65). */
    policy?: string;
    /** The pinned outputs of the draft, when the run started (S78). */
    pins?: Pins;
    /** The run ends at this node: only it and what comes before it run (S78a). */
    only?: string;
    /** The faults that the run injects (S78a). */
    faults?: readonly Fault[];
    /** The process that drives the run. Recorded only after a crash. */
    processId?: string;
  };
  /** Commit point before the effect. `input` is what the node received: its params with all templates filled. */
  'step-started': {
    stepId: string;
    nodeKey: string;
    nodeType: string;
    round: number;
    attempt: number;
    effect: Effect;
    input: unknown;
    /** Only for Merge `first`: the edge that won. */
    winner?: string;
  };
  /** `fault`: the run injects it. `request`: the hash of the request, by which a replay finds the answer (S82a). Missing in earlier runs, and without payloads. */
  'call-started': { stepId: string; callId: string; name: string; kind: CallRecord['kind'] | 'step'; fault?: FaultKind; request?: string };
  /** A durable sub-step is done. From here on, its result is replayed (S12). */
  'call-finished': { stepId: string; callId: string; name: string; result: unknown; record?: CallRecord; standIn?: StandInFor };
  /** `spent`: the cost of a model call without a record, although none of its output could be used. */
  'call-failed': { stepId: string; callId: string; name: string; error: ErrorData; record?: CallRecord; spent?: Spent; standIn?: StandInFor };
  /** The attempt failed. The next one starts at `retryAt`. */
  'attempt-failed': { stepId: string; attempt: number; error: ErrorData; waitId: string; retryAt: string };
  'step-waiting': { stepId: string; wait: Wait };
  /** A signal ended a wait: a decision, a timer, the end of a child run, or a callback. */
  'wait-ended': { stepId: string; waitId: string; by: WaitEnd; value: unknown; standIn?: StandInFor };
  /** The run performs only reads, and the step needs more: `what` names it (S82). Steps that don’t depend on it continue. */
  'step-stopped': { stepId: string; waitId: string; why: StopReason; what: string };
  'step-finished': { stepId: string; output: unknown; port: string | null; recovered?: ErrorData; reply?: Reply };
  /** `handled`: the run takes the error branch instead of failing. */
  'step-failed': { stepId: string; error: ErrorData; handled: boolean; attempt: number };
  'step-skipped': { stepId: string; nodeKey: string; nodeType: string; round: number };
  'step-cancelled': { stepId: string; reason: CancelReason; effectUnknown?: boolean };
  /** A loop edge was taken: these nodes are in a new round, and edges among them are unsettled again (S7). */
  'round-started': { edgeId: string; sourceStepId: string; targetKey: string; members: { nodeKey: string; round: number }[] };
  /** A loop edge reached its limit, and the step that took it takes its error branch instead (S7). */
  'loop-exceeded': { edgeId: string; sourceStepId: string; error: ErrorData };
  /**
   * A finished step of an earlier run is reused: rerun from a step. `reply`: it was the output of that run, and is of this one.
   * `error`: it failed and took its error branch. `recovered`: it failed and used its fallback value. `pinned`: the output is the pinned one,
   * and `fromRunId` this run (S78).
   */
  'step-reused': {
    stepId: string;
    nodeKey: string;
    nodeType: string;
    round: number;
    fromRunId: string;
    input: unknown;
    output: unknown;
    port: string | null;
    error?: ErrorData;
    recovered?: ErrorData;
    reply?: Reply;
    pinned?: true;
  };
  /** A for-each step has its list: from here on, it runs through its items (S32). `items` may be a reference. */
  'items-listed': { stepId: string; items: unknown; count: number; concurrency: number; onItemError: OnItemError };
  /** Nothing is left to do for an item. Its steps leave the state (S36). `fromRunId`: the run whose finished item this reuses. */
  'frame-finished': { frameId: string; result: unknown; fromRunId?: string };
  /** An item failed, and nothing of it runs anymore. */
  'frame-failed': { frameId: string; error: ErrorData };
  /** An item can't continue for a reason that belongs to no step. */
  'frame-failing': { frameId: string; error: ErrorData };
  /** The run can't continue for a reason that belongs to no step (`loop-limit`). */
  'run-failing': { error: ErrorData };
  'cancel-requested': { reason?: string };
  /** Another driver took over the run (S15). `crashes`: the run's count from here on (S29a). Absent in events of 0.1. */
  'driver-changed': { epoch: number; crashes?: number; processId?: string };
  /** The driver handed the run off cleanly. None of its steps are running. */
  'driver-released': { interrupted: string[] };
  'run-finished': { status: 'succeeded' | 'failed' | 'cancelled'; error?: ErrorData };
};

export type RunEventType = keyof Events;
/** Something that happened in a run, in the past tense. `at` is ISO 8601 UTC. */
export type RunEvent = { [T in RunEventType]: { readonly type: T; readonly at: string; readonly actor?: Actor } & Readonly<Events[T]> }[RunEventType];
export type RunEventOf<T extends RunEventType> = Extract<RunEvent, { type: T }>;
/** An event at its position in the journal. `seq` counts from 1 without gaps. `v` is set on events of an older version. */
export type JournalEvent = RunEvent & { readonly seq: number; readonly v?: 1 };
