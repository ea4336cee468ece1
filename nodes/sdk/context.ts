import type { RedactionRule } from '@switchyard/shared/contracts/redaction-rules.ts';
import type { FieldError } from '@switchyard/shared/errors.ts';
import type { FileHandle } from '@switchyard/shared/files/file-handle.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import type { ChatAnswer, ChatRequest } from '@switchyard/shared/model/chat.ts';
import type { PromptContent } from '@switchyard/shared/model/prompt.ts';
import type { PromptRef, ResolvedPrompt } from '@switchyard/shared/model/prompt-ref.ts';
import type { RunLabels, TriggerData } from '@switchyard/shared/run/events.ts';
import type { StateRequest, StateResult } from '@switchyard/shared/run/state-change.ts';
import type { RowRequest, RowsResult } from '@switchyard/shared/tables/row-request.ts';
import type { DatabaseAnswer, DatabaseRequest } from './database.ts';
import type { DocumentAccess } from './documents.ts';

export const REDIRECTS = ['follow', 'same-origin', 'return'] as const;
export type Redirects = (typeof REDIRECTS)[number];

/** A field of a multipart form: text or a file. */
export interface FormPart {
  readonly name: string;
  readonly value: string | FileHandle;
}

/** An outgoing request, sent through the guarded egress. The secret of `connectionId` is added there and never visible here. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A file that is the body. */
  readonly file?: FileHandle;
  /** The parts of a multipart form that is the body. */
  readonly parts?: readonly FormPart[];
  /** A successful response is returned as a file. */
  readonly asFile?: boolean;
  readonly connectionId?: string;
  /** Sends `Idempotency-Key` with any method. POST, PUT, PATCH, and DELETE always carry one. */
  readonly keyed?: boolean;
  /** Sends the real values instead of tokens (S65). */
  readonly restore?: boolean;
  /** Maximum size of the response after decompression. */
  readonly maxBytes: number;
  /** What a redirect does: it is followed (the default), followed within its origin, or returned. */
  readonly redirects?: Redirects;
  /** Cookies for the origin of `url`, by name. Those that the server sets are then kept through redirects, and returned. */
  readonly cookies?: Readonly<Record<string, string>>;
}
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly bytes: number;
  /** The body, if it was wanted as a file. */
  readonly file?: FileHandle;
  /** If the request had some: those of its origin afterwards. */
  readonly cookies?: Readonly<Record<string, string>>;
}

/** A value that arrived on a live edge. */
export interface Arrival {
  readonly edgeId: string;
  /** Key and title of the node it came from. */
  readonly key: string;
  readonly title: string;
  readonly value: unknown;
}

/** A run that a step starts. */
export interface ChildRun {
  readonly workflowId: string;
  readonly version: 'live' | number;
  readonly input: unknown;
  readonly isWaited: boolean;
}

/** A file before it is stored. Its type is found from its content. */
export interface NewFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** The files of a run. Both may be repeated: the same content has the same ID. */
export interface FileAccess {
  /** The contents of a file. Throws AppError `file-removed`. */
  read(file: FileHandle): Promise<Uint8Array>;
  /** Stores a new file. Throws AppError `too-large`. */
  create(file: NewFile): Promise<FileHandle>;
}

/** What decides whether a person sees a review. */
export interface AuthorityNow {
  readonly group: string;
  /** In percent. Null if the settings of the node decide. */
  readonly share: number | null;
  /** Drawn before the content is seen, evenly from 0 to below 100: the review is drawn if this is below a percentage. */
  readonly position: number;
  /** The run is live: its decisions count. A person sees all reviews of any other. */
  readonly counts: boolean;
}

/** Everything a node may use from outside. */
export interface NodeContext {
  readonly runId: string;
  readonly stepId: string;
  readonly nodeKey: string;
  readonly round: number;
  readonly attempt: number;
  readonly trigger: TriggerData;
  /** The run’s labels. */
  readonly labels: RunLabels;
  /** A data policy may have changed the trigger’s values after they were validated (S65). */
  readonly hasPolicy: boolean;
  now(): Date;
  /** Evaluates a CEL expression of a `cel` field in the scope of this step. Returns plain JSON. Throws AppError `expression-failed`. */
  evaluate(expression: string): unknown;
  /** Returns how `value` doesn't match `schema`. Empty if it does. */
  validate(schema: JsonSchema, value: unknown): readonly FieldError[];
  /**
   * Redacts a value by these rules, or by the run’s data policy (S65). `found` counts by detector. Throws AppError `redaction-refused`, and
   * `node-failed` if there are neither.
   */
  redact<T>(value: T, rules?: readonly RedactionRule[]): Promise<{ readonly value: T; readonly found: Readonly<Record<string, number>> }>;
  /** Replaces the tokens of this run in a value by the real values. */
  restore<T>(value: T): Promise<T>;
  /** A durable sub-step: `perform` runs once, and its JSON result is replayed afterwards, across attempts and crashes (S12). */
  step<T>(name: string, perform: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** A prompt of the registry, in the version that this run uses (S52). Throws AppError `prompt-not-found`. */
  prompt(ref: PromptRef): Promise<ResolvedPrompt & { readonly content: PromptContent }>;
  /**
   * Calls a model by its route, as a durable sub-step. `stream` shows the text as it arrives, also to the caller, or only to `watchers` of
   * the run. `accept` throws if the answer is unusable: the call has then failed, and the next attempt makes it again instead of replaying
   * it.
   */
  chat(
    request: ChatRequest,
    options?: {
      readonly stream?: boolean | 'watchers';
      readonly accept?: (answer: ChatAnswer) => void;
      /** Images and PDFs for the last message of the user. */
      readonly files?: readonly FileHandle[];
    },
  ): Promise<ChatAnswer>;
  /**
   * Runs user code in the sandbox, with the scope of this step (S73). Returns JSON. It has no effect, so it is repeated where other
   * sub-steps are replayed. Throws AppError `code-failed`.
   */
  code(source: string, options: { readonly timeoutMs: number }): Promise<unknown>;
  /** Reads text and rows out of files, and makes files. What is read is redacted like all that enters the run. */
  readonly documents: DocumentAccess;
  /**
   * Starts a run of another workflow (S38). Doing so again for the same wait of this step returns the same run. `isWaited`: this step waits for
   * it next. Throws AppError `not-found`, `not-published`, `bad-input`, `too-deep`, `killed`.
   */
  startRun(child: ChildRun): Promise<{ readonly runId: string }>;
  /**
   * Reads or changes stored state of the workflow, as a durable sub-step. A change takes effect once (S75). Throws AppError `bad-request`,
   * `too-large`.
   */
  state(request: StateRequest): Promise<StateResult>;
  /**
   * Finds or changes rows of a table, as a durable sub-step. A change takes effect once (S75a). Throws AppError `not-found`, `bad-request`,
   * `already-exists`, `too-large`.
   */
  rows(request: RowRequest): Promise<RowsResult>;
  /**
   * How much of a group of reviews a person sees now, and where this run was drawn, as a durable sub-step (S84). The position is that of the
   * original run in reruns and replays.
   */
  authority(group: string): Promise<AuthorityNow>;
  /** Reads and creates files. A handle may be part of what a sub-step or the step returns. */
  readonly files: FileAccess;
  /**
   * Performs a statement in a database, as a durable sub-step. Throws AppError `bad-request`, `node-failed`, `connect-failed`, `timeout`,
   * `response-too-large`.
   */
  database(request: DatabaseRequest): Promise<DatabaseAnswer>;
  /** Waits while the step runs. After a crash or a retry, it waits again. */
  pause(ms: number): Promise<void>;
  /** Sends a request, as a durable sub-step. `accept` as above. */
  http(request: HttpRequest, accept?: (answer: HttpAnswer) => void): Promise<HttpAnswer>;
}
