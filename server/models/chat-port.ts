import type { ChatAnswer, ChatRequest } from '@switchyard/shared/model/chat.ts';
import type { ModelCallRecord } from '@switchyard/shared/run/events.ts';
import type { CallPlace } from '../engine/ports.ts';

/** The engine's port for calling a model by route. If every target fails, throws AppError with `attempts` in its details. */
export type Chat = (
  request: ChatRequest,
  options: {
    readonly workspaceId: string;
    readonly signal: AbortSignal;
    readonly onDelta: (text: string) => void;
    readonly place?: CallPlace | undefined;
    /** Deltas can’t be taken back: once there was one, no other target is tried (S59). */
    readonly textIsFinal?: boolean | undefined;
  },
) => Promise<{ readonly answer: ChatAnswer; readonly record: ModelCallRecord }>;
