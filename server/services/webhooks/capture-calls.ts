import type { CapturedCall } from '@switchyard/shared/realtime/protocol.ts';
import type { Bus } from '../../engine/bus.ts';

/** Hands requests to test URLs to their listeners, in any process. In memory: a request without a listener only starts a run. */
export interface CallCapture {
  /** Waits for the next test request of a workflow. Null if none arrives in time or the listener disconnects. */
  listen(workflowId: string, timeoutMs: number, signal: AbortSignal): Promise<CapturedCall | null>;
  captured(workflowId: string, call: CapturedCall): void;
  /** Whether there is a listener. Without one, no record of the request is needed. */
  isListening(workflowId: string): boolean;
}

/** A listener announces itself this often, because messages may be lost. */
const ANNOUNCE_MS = 4_000;
/** A listener that isn’t announced again within this time is gone. */
const HEARD_MS = 10_000;

export function createCallCapture({ bus, elapsed }: { readonly bus: Bus; readonly elapsed: () => number }): CallCapture {
  const listeners = new Map<string, Set<(call: CapturedCall | null) => void>>();
  /** When listeners were last announced, including those of other processes. */
  const heard = new Map<string, number>();
  bus.subscribe((message) => {
    if (message.kind === 'call-captured') for (const finish of [...(listeners.get(message.workflowId) ?? [])]) finish(message.call);
    if (message.kind !== 'call-awaited') return;
    for (const [workflowId, at] of heard) if (elapsed() - at >= HEARD_MS) heard.delete(workflowId);
    heard.set(message.workflowId, elapsed());
  });
  return {
    listen: (workflowId, timeoutMs, signal) =>
      new Promise((resolve) => {
        const waiting = listeners.get(workflowId) ?? new Set();
        listeners.set(workflowId, waiting);
        const announce = (): void => bus.publish({ kind: 'call-awaited', workflowId });
        const finish = (call: CapturedCall | null): void => {
          clearTimeout(timer);
          clearInterval(announcing);
          signal.removeEventListener('abort', giveUp);
          waiting.delete(finish);
          if (waiting.size === 0 && listeners.get(workflowId) === waiting) {
            listeners.delete(workflowId);
            heard.delete(workflowId);
          }
          resolve(call);
        };
        const giveUp = (): void => finish(null);
        const timer = setTimeout(giveUp, timeoutMs);
        const announcing = setInterval(announce, ANNOUNCE_MS);
        for (const each of [timer, announcing]) each.unref();
        waiting.add(finish);
        announce();
        if (signal.aborted) giveUp();
        else signal.addEventListener('abort', giveUp, { once: true });
      }),
    captured: (workflowId, call) => bus.publish({ kind: 'call-captured', workflowId, call }),
    isListening: (workflowId) => listeners.has(workflowId) || elapsed() - (heard.get(workflowId) ?? Number.NEGATIVE_INFINITY) < HEARD_MS,
  };
}
