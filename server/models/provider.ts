import type { JsonSchema } from '@switchyard/shared/json.ts';
import type { ChatMessage } from '@switchyard/shared/model/chat.ts';
import type { Usage } from '@switchyard/shared/run/events.ts';

/** One request to one model of one provider. */
export interface ProviderRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly schema?: JsonSchema;
  readonly schemaName?: string;
}

export interface ProviderAnswer {
  readonly content: string;
  readonly usage: Usage;
  /** The model that served it, as the provider names it. */
  readonly model: string;
  readonly finishReason: string;
}

/** Somebody who answers. Never retries; throws AppError with a `provider-*` code; an abort rejects with the signal's reason. */
export interface ModelProvider {
  chat(request: ProviderRequest, signal: AbortSignal, onDelta: (text: string) => void): Promise<ProviderAnswer>;
  /** Names of the models that can be asked for. */
  listModels(signal: AbortSignal): Promise<string[]>;
}
