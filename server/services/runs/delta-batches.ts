import type { OrderedWords } from './delta-order.ts';

/*
 * Batches the streamed words of a model call briefly, so a fast model doesn't cost one packet per word on every socket and stream. The first
 * words of a call, and those after a pause, are sent at once.
 */

/** A delta on its way to pages and callers. */
export interface Delta extends OrderedWords {
  /** Not for pages: the run’s payloads are not shown (S66). */
  readonly isHidden?: boolean;
}

export interface DeltaBatches {
  add(delta: Delta): void;
  /** Sends the batched words of a run. Called before its events are sent, so words never arrive after what follows them. */
  flush(runId: string): void;
}

const GATHER_MS = 40;

export function createDeltaBatches(send: (delta: Delta) => void): DeltaBatches {
  /** By run, then by call: the words since the last ones were sent. A call without any for a whole interval is forgotten. */
  const gathered = new Map<string, Map<string, Delta | undefined>>();
  let timer: NodeJS.Timeout | undefined;

  const flush = (runId: string): void => {
    const calls = gathered.get(runId);
    if (!calls) return;
    gathered.delete(runId);
    for (const delta of calls.values()) if (delta) send(delta);
  };
  const sendGathered = (): void => {
    timer = undefined;
    for (const [runId, calls] of gathered) {
      for (const [callId, delta] of calls) {
        if (!delta) calls.delete(callId);
        else {
          calls.set(callId, undefined);
          send(delta);
        }
      }
      if (calls.size === 0) gathered.delete(runId);
    }
    if (gathered.size > 0) wait();
  };
  const wait = (): void => {
    if (timer === undefined) timer = setTimeout(sendGathered, GATHER_MS).unref();
  };

  return {
    flush,
    add: (delta) => {
      const { runId, callId } = delta;
      const calls = gathered.get(runId) ?? new Map<string, Delta | undefined>();
      gathered.set(runId, calls);
      const before = calls.get(callId);
      if (!calls.has(callId)) {
        calls.set(callId, undefined);
        send(delta);
      } else calls.set(callId, before && !delta.restart ? { ...before, text: before.text + delta.text } : delta);
      wait();
    },
  };
}
