import { AppError } from '@switchyard/shared/errors.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import type { ChatMessage, ChatSettings, ToolCall } from '@switchyard/shared/model/chat.ts';
import type { Usage } from '@switchyard/shared/run/events.ts';

/** A request to any endpoint of `/v1`. */
export interface ModelCall extends ChatSettings {
  /** `workflow/<slug>` or `route/<name>`. */
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  /** The messages as the caller sent them: a workflow’s input. */
  readonly written: readonly unknown[];
  /** The response must be JSON that matches this schema. */
  readonly schema?: JsonSchema;
  readonly schemaName?: string;
  readonly stream: boolean;
}

/** The run of a workflow, for the caller. */
export interface CalledRun {
  readonly runId: string;
  readonly statusUrl: string;
}

export interface ModelAnswer {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: 'stop' | 'length' | 'tool_calls' | 'content_filter';
  readonly usage: Usage;
  readonly run?: CalledRun;
}

export interface CallOptions {
  /** Aborts when the caller disconnects. */
  readonly signal: AbortSignal;
  /** Called with text of the response as it arrives. Text is never retracted: the call fails instead (S59). */
  readonly onDelta: (text: string) => void;
  /** Called once a workflow’s run has been accepted. */
  readonly onRun: (run: CalledRun) => void;
}

/** The model is unknown. The caller can list the available ones. */
export const unknownModel = (model: string): AppError =>
  new AppError('not-found', `Model “${model}” not found. Use workflow/<slug> of a published workflow or route/<name>, as GET /v1/models lists them.`, {
    details: { param: 'model' },
  });

/** A feature of the protocol that this server doesn’t support. `param` is its field. */
export const unsupported = (param: string, message: string): AppError => new AppError('unsupported', message, { details: { param } });

/** A stream that can’t be continued, because text that was sent must be discarded (S59). */
export const startedAgain = (): AppError =>
  new AppError('provider-unavailable', 'The answer restarted after part of it was sent. Send the request again, or send it without “stream”.');
