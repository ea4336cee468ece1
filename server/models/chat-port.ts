import type { SpendLimit } from '@switchyard/shared/evaluation/stand-ins.ts';
import type { ChatAnswer, ChatRequest } from '@switchyard/shared/model/chat.ts';
import type { ModelCallRecord, ModelFallback } from '@switchyard/shared/run/events.ts';
import type { CallPlace } from '../engine/ports.ts';

/** What a call outside a run is for, for the usage: a call to `/v1`, a prompt being tried, or a grader of an experiment. */
export type CallPurpose = 'openai-api' | 'playground' | 'experiment';

/** The engine's port for calling a model by route. If every target fails, throws AppError with `attempts` in its details. */
export type Chat = (
  request: ChatRequest,
  options: {
    readonly workspaceId: string;
    readonly signal: AbortSignal;
    readonly onDelta: (text: string) => void;
    readonly place?: CallPlace | undefined;
    /** What a call outside a run is for. */
    readonly purpose?: CallPurpose | undefined;
    /** Of a call outside a run. Throws `stopped` if it could cost more than the rest (S82). */
    readonly limit?: SpendLimit | undefined;
    /** What the conditions of the route see. By default, the labels of the run. */
    readonly labels?: Readonly<Record<string, string>> | undefined;
    /** The text of `onDelta` so far must be discarded: the next answer starts (S59). */
    readonly onRestart?: (() => void) | undefined;
    /** The next target is tried, because the one before it failed. */
    readonly onFallback?: ((fallback: ModelFallback) => void) | undefined;
    /** Called before the call fails, if something was sent: its requests and answers (S60). */
    readonly onFailed?: ((record: ModelCallRecord) => void) | undefined;
    /** Deltas go to a caller as they arrive, so the route decides what happens if they break off (S59). */
    readonly toCaller?: boolean | undefined;
    /** Deltas can’t be retracted: after the first one, no other target is tried (S59). */
    readonly textIsFinal?: boolean | undefined;
    /** Nothing is sent before this resolves. Budgets are reserved meanwhile. If it rejects, nothing is sent, and the call fails with its error. */
    readonly recorded?: Promise<void> | undefined;
    /** Gets the settlement of the call’s reservations before the call ends. Without it, the call ends after them. */
    readonly onSettling?: ((work: Promise<unknown>) => void) | undefined;
  },
) => Promise<{ readonly answer: ChatAnswer; readonly record: ModelCallRecord }>;

/** A call about to be made. */
export interface CallTarget {
  /** Undefined for a call outside a run. */
  readonly run?: Pick<CallPlace, 'workflowId' | 'version' | 'labels'> | undefined;
  readonly route?: string | undefined;
  readonly model?: string | undefined;
  readonly connectionId?: string | undefined;
}

/** Rejects with `killed` if a kill switch stops the call (S64). */
export type AdmitCall = (call: CallTarget & { readonly workspaceId: string }, signal: AbortSignal) => Promise<void>;
