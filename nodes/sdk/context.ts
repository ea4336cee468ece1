import type { FieldError } from '@switchyard/shared/errors.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import type { ChatAnswer, ChatRequest } from '@switchyard/shared/model/chat.ts';
import type { TriggerData } from '@switchyard/shared/run/events.ts';

/** A request to the outside. Goes through the guarded egress; the secret of `connectionId` is put in there, never seen here. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly connectionId?: string;
  /** Sends `Idempotency-Key` whatever the method. POST, PUT, PATCH, and DELETE always carry one. */
  readonly keyed?: boolean;
  /** Most bytes of the answer after decompression. */
  readonly maxBytes: number;
}
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly bytes: number;
}

/** What came in over one live wire. */
export interface Arrival {
  readonly edgeId: string;
  /** Key and title of the node it came from. */
  readonly key: string;
  readonly title: string;
  readonly value: unknown;
}

/** All of the world that a node may touch. */
export interface NodeContext {
  /** Aborts when the run is cancelled, the step superseded, or its time is up. */
  readonly signal: AbortSignal;
  readonly runId: string;
  readonly stepId: string;
  readonly nodeKey: string;
  readonly round: number;
  readonly attempt: number;
  readonly trigger: TriggerData;
  now(): Date;
  /** Evaluates a CEL expression of a `cel` field in the scope of this step; plain JSON comes back. Throws AppError `expression-failed`. */
  evaluate(expression: string): unknown;
  /** What of `value` does not fit `schema`; empty when all does. */
  validate(schema: JsonSchema, value: unknown): readonly FieldError[];
  /** A durable sub-step: `perform` is done once, its JSON result replayed afterwards, over attempts and crashes (S12). */
  step<T>(name: string, perform: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /**
   * Asks a model by its route; a durable sub-step. `stream` shows the words as they come: to whoever called, too, or to `watchers` of
   * the run alone. `accept` throws at an answer that is of no use: the call has failed then, and the next attempt makes it again
   * instead of getting the same answer.
   */
  chat(request: ChatRequest, options?: { readonly stream?: boolean | 'watchers'; readonly accept?: (answer: ChatAnswer) => void }): Promise<ChatAnswer>;
  /** Sends a request; a durable sub-step. `accept` as above. */
  http(request: HttpRequest, accept?: (answer: HttpAnswer) => void): Promise<HttpAnswer>;
}
