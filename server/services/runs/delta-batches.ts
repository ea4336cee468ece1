import type { StreamedWords } from '../../engine/bus.ts';

/*
 * Batches the streamed words of a model call briefly, so a fast model doesn't cost one packet per word on every socket and stream.
 */

/** A delta on its way to pages and callers. */
export interface Delta extends StreamedWords {
  readonly workspaceId: string;
  readonly runId: string;
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
  /** By run, then by call. */
  const gathered = new Map<string, Map<string, Delta>>();
  let timer: NodeJS.Timeout | undefined;

  const flush = (runId: string): void => {
    const calls = gathered.get(runId);
    if (!calls) return;
    gathered.delete(runId);
    for (const delta of calls.values()) send(delta);
  };
  const flushAll = (): void => {
    timer = undefined;
    for (const runId of [...gathered.keys()]) flush(runId);
  };

  return {
    flush,
    add: (delta) => {
      const calls = gathered.get(delta.runId) ?? new Map<string, Delta>();
      gathered.set(delta.runId, calls);
      const before = calls.get(delta.callId);
      calls.set(delta.callId, before && !delta.restart ? { ...before, text: before.text + delta.text } : delta);
      if (timer === undefined) timer = setTimeout(flushAll, GATHER_MS).unref();
    },
  };
}
