import type { ChatAnswer, ChatRequest } from '@switchyard/shared/model/chat.ts';
import type { ModelCallRecord } from '@switchyard/shared/run/events.ts';

/** Asks a model by route: the door that the engine uses. A failed chain throws AppError whose details hold `attempts`. */
export type Chat = (
  request: ChatRequest,
  options: { readonly workspaceId: string; readonly signal: AbortSignal; readonly onDelta: (text: string) => void },
) => Promise<{ readonly answer: ChatAnswer; readonly record: ModelCallRecord }>;
