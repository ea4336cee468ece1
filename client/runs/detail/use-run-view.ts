import type { Run } from '@switchyard/shared/contracts/runs.ts';
import { isEnded, type RunStatus } from '@switchyard/shared/run/state.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { keys } from '../../api/keys.ts';
import { useRun } from '../../api/queries.ts';
import { useLiveRun } from '../../live/run-hooks.ts';
import { type StepLike, stepsOf } from '../../run-look/step-rows.ts';

export interface RunView {
  readonly run: Run | undefined;
  readonly error: unknown;
  readonly retry: () => void;
  readonly status: RunStatus;
  readonly steps: readonly StepLike[];
  /** Number of events received. */
  readonly seq: number;
}

/** A run’s current state: the API response plus live events since. */
export function useRunView(runId: string): RunView {
  const client = useQueryClient();
  const { data: run, error, refetch } = useRun(runId);
  const live = useLiveRun(runId);
  const isLive = live.phase === 'live' && live.state.seq >= (run?.seq ?? 0);
  const status = isLive && run ? live.state.status : (run?.status ?? 'queued');
  const stale = run !== undefined && isEnded(status) && !isEnded(run.status);
  useEffect(() => {
    if (stale) void client.invalidateQueries({ queryKey: keys.run(runId) });
  }, [stale, client, runId]);
  return {
    run,
    error: run ? null : error,
    retry: () => void refetch(),
    status,
    steps: isLive ? stepsOf(live.state) : (run?.steps ?? []),
    seq: isLive ? live.state.seq : (run?.seq ?? 0),
  };
}
