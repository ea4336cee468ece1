import type { RunDelta } from '@switchyard/shared/realtime/protocol.ts';

/** Streamed words. With `restart`, the call’s earlier words are void. */
export interface HeardDelta extends RunDelta {
  readonly restart?: true;
  /** The voided text was right, but some text after it is missing. */
  readonly isLost?: true;
}

/** Passes streamed words of models on to callers that listen to a run. Stores nothing. */
export interface RunDeltas {
  tell(delta: HeardDelta): void;
  /** Returns a function that stops listening. */
  listen(runId: string, hear: (delta: HeardDelta) => void): () => void;
}

export function createRunDeltas(): RunDeltas {
  const listeners = new Map<string, Set<(delta: HeardDelta) => void>>();
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
