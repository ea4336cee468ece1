import { listRunItems, type RunItem, rerunRun } from '@switchyard/shared/contracts/runs.ts';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from './call.ts';
import { keys } from './keys.ts';

interface WantedItems {
  readonly step: string;
  readonly from?: number;
  readonly limit?: number;
  readonly status?: RunItem['status'] | undefined;
  /** Whether items may still change. What was read before they ended is read again then. */
  readonly isOpen?: boolean;
}

/** How often items are read again while their run is open. */
const AGAIN_MS = 2_000;

/** Items of a for-each step, only those of one page. While `isOpen`, they are read again regularly. */
export function useRunItems(runId: string, wanted: WantedItems | undefined, isOpen = false) {
  const { step = '', from, limit, status, isOpen: mayChange = false } = wanted ?? {};
  return useQuery({
    queryKey: [...keys.run(runId), 'items', step, from, limit, status, mayChange],
    queryFn: () =>
      call(listRunItems, {
        params: { id: runId },
        query: { step, ...(from !== undefined && { from }), ...(limit !== undefined && { limit }), ...(status && { status }) },
      }),
    enabled: wanted !== undefined && runId !== '',
    placeholderData: keepPreviousData,
    refetchInterval: isOpen ? AGAIN_MS : false,
  });
}

/** Retries the items of a for-each step that didn’t succeed, as a new run. */
export function useRetryItems(runId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (stepId: string) => call(rerunRun, { params: { id: runId }, body: { from: stepId, failedItems: true } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.runs }),
  });
}
