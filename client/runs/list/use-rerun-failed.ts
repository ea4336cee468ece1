import { countFailedRuns, rerunFailedRuns } from '@switchyard/shared/contracts/reruns.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { call } from '../../api/call.ts';
import { keys } from '../../api/keys.ts';
import type { RunFilters } from '../../api/queries.ts';
import { messageOf } from '../../ui/message-of.ts';

/** `total` is what was counted at the start; runs that fail to start, and ones that were already rerun, count as done. */
export type RerunProgress =
  | { readonly state: 'idle' }
  | {
      readonly state: 'running' | 'ended' | 'canceled';
      readonly done: number;
      readonly total: number;
      readonly started: number;
      readonly failures: readonly string[];
    }
  | { readonly state: 'failed'; readonly message: string };

/** Counting reads many runs, so it doesn’t follow each change of the list. */
const RECOUNT_MS = 15_000;

/** The failed runs of a filter that weren’t rerun yet. Not counted unless `enabled`. */
export function useFailedCount({ status: _, ...filters }: RunFilters, enabled: boolean) {
  return useQuery({
    queryKey: [...keys.failedRuns, filters],
    queryFn: ({ signal }) => call(countFailedRuns, { query: filters, signal }),
    enabled,
    refetchInterval: RECOUNT_MS,
    placeholderData: (before) => before,
  });
}

/** Runs in one request. Few enough that canceling takes effect soon. */
const STEP = 10;

/** Reruns the failed runs of a filter step by step. Canceling, or leaving the page, stops after the current step. */
export function useRerunFailed() {
  const client = useQueryClient();
  const [progress, setProgress] = useState<RerunProgress>({ state: 'idle' });
  const stop = useRef<AbortController>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const start = async ({ status: _, ...filters }: RunFilters, counted: { readonly count: number; readonly to: string }, reason: string) => {
    const controller = new AbortController();
    stop.current = controller;
    const tally = { done: 0, total: counted.count, started: 0, failures: [] as string[] };
    let cursor: string | undefined;
    setProgress({ state: 'running', ...tally });
    try {
      for (let done = false; !done && !controller.signal.aborted; ) {
        const body = { ...filters, to: counted.to, limit: STEP, ...(cursor !== undefined && { cursor }), ...(reason !== '' && { reason }) };
        const reply = await call(rerunFailedRuns, { body });
        tally.started += reply.started.length;
        tally.failures = [...tally.failures, ...reply.failed.map(({ message }) => message)];
        tally.done = Math.min(tally.total, tally.started + tally.failures.length);
        cursor = reply.nextCursor ?? undefined;
        done = reply.done;
        setProgress({ state: 'running', ...tally });
        if (reply.retryAfterMs !== undefined) await pause(reply.retryAfterMs, controller.signal);
      }
      setProgress({ state: controller.signal.aborted ? 'canceled' : 'ended', ...tally });
    } catch (thrown) {
      setProgress({ state: 'failed', message: messageOf(thrown) });
    }
    void client.invalidateQueries({ queryKey: keys.runs });
    void client.invalidateQueries({ queryKey: keys.failedRuns });
  };
  return { progress, start, cancel: () => stop.current?.abort(), dismiss: () => setProgress({ state: 'idle' }) };
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
