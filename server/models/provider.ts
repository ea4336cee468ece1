import type { JsonSchema } from '@switchyard/shared/json.ts';
import type { ChatMessage, ChatSettings, ToolCall } from '@switchyard/shared/model/chat.ts';
import type { Usage } from '@switchyard/shared/run/events.ts';

/** One request to one model of one provider. */
export interface ProviderRequest extends ChatSettings {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly schema?: JsonSchema;
  readonly schemaName?: string;
}

export interface ProviderAnswer {
  readonly content: string;
  readonly toolCalls?: readonly ToolCall[];
  readonly usage: Usage;
  /** The model that served it, as the provider names it. */
  readonly model: string;
  readonly finishReason: string;
  /** What the model wrote or sent as reasoning. It is not part of `content` (S59). */
  readonly reasoning?: string;
  /** Parameters that the model rejects, so they were left out or translated (S56). */
  readonly adjusted?: readonly ParameterName[];
}

/** Parameters that a model may reject, by the names in the protocols. */
export type ParameterName = 'response_format' | 'max_completion_tokens' | 'max_tokens' | 'temperature' | 'top_p' | 'stream_options' | 'system' | 'tool_choice';

/** Reasoning as a field, if there is any. */
export const withReasoning = (reasoning: string): Pick<ProviderAnswer, 'reasoning'> => (reasoning.trim() === '' ? {} : { reasoning: reasoning.trim() });

/** Receives each request as it is sent, without what the model is known to reject (S56). */
export type OnSent = (request: ProviderRequest) => void;

/** Request options with the trace of a call, if it has one. */
export const tracedBy = ({ traceparent }: { readonly traceparent: string | undefined }) => (traceparent === undefined ? {} : { headers: { traceparent } });

/** A model provider. Never retries a failed call; throws AppError with a `provider-*` code; an abort rejects with the signal’s reason. */
export interface ModelProvider {
  /** `onLost` is called if a response began but failed or was aborted, with the tokens it used: as reported, or estimated from its text. */
  chat(
    request: ProviderRequest,
    signal: AbortSignal,
    onDelta: (text: string) => void,
    onLost?: (usage: Usage) => void,
    onSent?: OnSent,
    traceparent?: string,
  ): Promise<ProviderAnswer>;
  /** Names of the available models. */
  listModels(signal: AbortSignal): Promise<string[]>;
}
