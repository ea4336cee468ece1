import type { CapturedCall } from '@switchyard/shared/realtime/protocol.ts';

/** Hands requests to test URLs to their listeners. In memory: without a listener a request is only a run. */
export interface CallCapture {
  /** Waits for the next test request of a workflow. Null if none arrives in time or the listener disconnects. */
  listen(workflowId: string, timeoutMs: number, signal: AbortSignal): Promise<CapturedCall | null>;
  captured(workflowId: string, call: CapturedCall): void;
  /** Whether there is a listener. Without one, no record of the request is needed. */
  isListening(workflowId: string): boolean;
}

export function createCallCapture(): CallCapture {
  const listeners = new Map<string, Set<(call: CapturedCall | null) => void>>();
  return {
    listen: (workflowId, timeoutMs, signal) =>
      new Promise((resolve) => {
        const waiting = listeners.get(workflowId) ?? new Set();
        listeners.set(workflowId, waiting);
        const finish = (call: CapturedCall | null): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', giveUp);
          waiting.delete(finish);
          if (waiting.size === 0 && listeners.get(workflowId) === waiting) listeners.delete(workflowId);
          resolve(call);
        };
        const giveUp = (): void => finish(null);
        const timer = setTimeout(giveUp, timeoutMs);
        timer.unref();
        waiting.add(finish);
        if (signal.aborted) giveUp();
        else signal.addEventListener('abort', giveUp, { once: true });
      }),
    captured: (workflowId, call) => {
      for (const finish of [...(listeners.get(workflowId) ?? [])]) finish(call);
    },
    isListening: (workflowId) => listeners.has(workflowId),
  };
}
