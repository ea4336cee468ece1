import type { JsonSchema } from '../json.ts';
import type { Usage } from '../run/events.ts';

/** A message is a list of parts; text now, the others have their place. */
export type MessagePart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly mediaType: string; readonly data: string }
  | { readonly type: 'file'; readonly mediaType: string; readonly name: string; readonly data: string }
  | { readonly type: 'tool-result'; readonly callId: string; readonly content: string };

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: readonly MessagePart[];
}

/** What a node asks of a model. It names a route, never a model. */
export interface ChatRequest {
  readonly route: string;
  readonly messages: readonly ChatMessage[];
  readonly temperature?: number;
  /** Longest answer in tokens. */
  readonly maxTokens?: number;
  /** The answer must be JSON that fits this schema; checked, with one repair attempt. */
  readonly schema?: JsonSchema;
  /** Name of the schema for providers that want one: letters, digits, `_`. */
  readonly schemaName?: string;
}

export interface ChatAnswer {
  readonly text: string;
  /** The parsed answer, when a schema was asked for. */
  readonly value?: unknown;
  readonly route: string;
  readonly model: string;
  readonly demo: boolean;
  readonly usage: Usage;
  readonly costMicros: number;
  readonly finishReason: string;
}

export const textMessage = (role: ChatMessage['role'], text: string): ChatMessage => ({ role, content: [{ type: 'text', text }] });
/** The text parts of a message, joined. */
export const textOf = (message: ChatMessage): string => message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
