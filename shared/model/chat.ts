import type { JsonSchema } from '../json.ts';
import type { Usage } from '../run/events.ts';
import type { PromptUse } from './prompt-ref.ts';

/** One part of a message. */
export type MessagePart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly mediaType: string; readonly data: string }
  | { readonly type: 'file'; readonly mediaType: string; readonly name: string; readonly data: string }
  /** In an assistant message. */
  | ({ readonly type: 'tool-call' } & ToolCall)
  /** In a user message: what the function returned. */
  | { readonly type: 'tool-result'; readonly callId: string; readonly text: string };

/** A function that a model may ask its caller to run. */
export interface ToolDefinition {
  readonly name: string;
  readonly description?: string | undefined;
  readonly parameters?: JsonSchema | undefined;
  readonly strict?: boolean | undefined;
}

/** A model asks for a function. `arguments` is JSON as the model wrote it, so it may be broken. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** Whether the model may or must call a function, or which one. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: readonly MessagePart[];
}

/** What a request may set besides its messages. */
export interface ChatSettings {
  readonly temperature?: number;
  readonly topP?: number;
  /** Max tokens of the output. */
  readonly maxTokens?: number;
  /** Texts at which the output ends. */
  readonly stop?: readonly string[];
  /** Functions that the model may call instead of answering. */
  readonly tools?: readonly ToolDefinition[];
  readonly toolChoice?: ToolChoice;
  /** Whether the model may ask for several functions at once. */
  readonly parallelToolCalls?: boolean;
}

/** A model call. It names a route, never a model. */
export interface ChatRequest extends ChatSettings {
  readonly route: string;
  readonly messages: readonly ChatMessage[];
  /** Where the messages come from, for the record. */
  readonly prompt?: PromptUse;
  /** The output must be JSON matching this schema. It is validated, and sent back once if it doesn't match. */
  readonly schema?: JsonSchema;
  /** The schema to validate against, if it is looser than `schema`. */
  readonly accept?: JsonSchema;
  /** Name of the schema, for providers that need one: letters, digits, `_`. */
  readonly schemaName?: string;
}

export interface ChatAnswer {
  readonly text: string;
  /** The parsed output, if there was a schema. */
  readonly value?: unknown;
  /** Functions that the model asks for. The text may then be empty. */
  readonly toolCalls?: readonly ToolCall[];
  readonly route: string;
  readonly model: string;
  readonly demo: boolean;
  readonly usage: Usage;
  /** Null if a model without a price took part. */
  readonly costMicros: number | null;
  readonly finishReason: string;
}

export const textMessage = (role: ChatMessage['role'], text: string): ChatMessage => ({ role, content: [{ type: 'text', text }] });
/** The text parts of a message, joined. */
export const textOf = (message: ChatMessage): string => message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
