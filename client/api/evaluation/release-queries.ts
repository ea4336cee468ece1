import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { getRelease, putRelease, removeGate, rollBackRelease, type WorkflowRelease } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { cancelRun, listRuns, rerunRun } from '@switchyard/shared/contracts/runs.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../call.ts';
import { keys } from '../keys.ts';

/** The watch looks about every second. */
const WATCHED_MS = 3_000;
const QUIET_MS = 15_000;

/** Which versions of a workflow take live runs, and what the watch has seen. */
export const useRelease = (id: string) =>
  useQuery({
    queryKey: keys.release(id),
    queryFn: ({ signal }) => call(getRelease, { params: { id }, signal }),
    refetchInterval: ({ state }) => (state.data?.canary || state.data?.shadow?.status === 'running' ? WATCHED_MS : QUIET_MS),
  });

/** After a change, also failed, what is live is loaded again. */
function useReleaseChange<Given>(id: string, change: (given: Given) => Promise<WorkflowRelease>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (release) => client.setQueryData(keys.release(id), release),
    onError: () => client.invalidateQueries({ queryKey: keys.release(id) }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.workflows }),
  });
}

export const usePutRelease = (id: string) => useReleaseChange(id, (body: BodyOf<typeof putRelease>) => call(putRelease, { params: { id }, body }));
export const useRemoveGate = (id: string) => useReleaseChange(id, (reason: string) => call(removeGate, { params: { id }, body: { reason } }));
export const useRollBack = (id: string) => useReleaseChange(id, () => call(rollBackRelease, { params: { id }, body: {} }));

const OPEN = ['running', 'waiting', 'queued'] as const;
const MOST_SHOWN = 20;

/** Live runs of a version that have not ended. */
export const useRunsInFlight = (workflowId: string, version: number) =>
  useQuery({
    queryKey: [...keys.runs, 'in-flight', workflowId, version],
    queryFn: async ({ signal }) => {
      const pages = await Promise.all(
        OPEN.map((status) => call(listRuns, { query: { workflowId, version: String(version), status, limit: MOST_SHOWN }, signal })),
      );
      return pages.flatMap(({ items }) => items);
    },
    refetchInterval: WATCHED_MS,
  });

/** Cancels a run. With `rerunOn`, then starts it again on that version. */
export function useEndRun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, rerunOn }: { readonly id: string; readonly rerunOn?: number }) => {
      await call(cancelRun, { params: { id } });
      if (rerunOn !== undefined) await call(rerunRun, { params: { id }, body: { version: rerunOn } });
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.runs }),
  });
}
