import type { RunDelta } from '@switchyard/shared/realtime/protocol.ts';

/** Passes streamed words of models on to callers that listen to a run. Stores nothing. */
export interface RunDeltas {
  tell(delta: RunDelta): void;
  /** Returns a function that stops listening. */
  listen(runId: string, hear: (delta: RunDelta) => void): () => void;
}

export function createRunDeltas(): RunDeltas {
  const listeners = new Map<string, Set<(delta: RunDelta) => void>>();
  return {
    tell: (delta) => {
      for (const hear of listeners.get(delta.runId) ?? []) hear(delta);
    },
    listen: (runId, hear) => {
      const own = listeners.get(runId) ?? new Set();
      listeners.set(runId, own.add(hear));
      return () => {
        own.delete(hear);
        if (own.size === 0 && listeners.get(runId) === own) listeners.delete(runId);
      };
    },
  };
}
