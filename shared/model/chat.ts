import type { JsonSchema } from '../json.ts';
import type { Usage } from '../run/events.ts';
import type { PromptUse } from './prompt-ref.ts';

/** One part of a message. */
export type MessagePart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly mediaType: string; readonly data: string }
  | { readonly type: 'file'; readonly mediaType: string; readonly name: string; readonly data: string };

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: readonly MessagePart[];
}

/** A model call of a node. It names a route, never a model. */
export interface ChatRequest {
  readonly route: string;
  readonly messages: readonly ChatMessage[];
  /** Where the messages come from, for the record. */
  readonly prompt?: PromptUse;
  readonly temperature?: number;
  /** Max tokens of the output. */
  readonly maxTokens?: number;
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
