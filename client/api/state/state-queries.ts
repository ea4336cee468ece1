import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { clearState, deleteState, listState, putState } from '@switchyard/shared/contracts/state/stored-values.ts';
import type { StateSpace } from '@switchyard/shared/run/state-change.ts';
import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../call.ts';
import { keys } from '../keys.ts';

const PAGE = 50;
const REFETCH_MS = 5_000;

/** The stored values of a workflow, page by page. Refetched while they are shown: runs change them. */
export const useStoredState = (id: string, space: StateSpace, prefix: string) =>
  useInfiniteQuery({
    queryKey: [...keys.state(id), space, prefix],
    queryFn: ({ signal, pageParam }) =>
      call(listState, { params: { id }, query: { space, prefix, limit: PAGE, ...(pageParam && { cursor: pageParam }) }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: REFETCH_MS,
  });

/** A change that reloads the list. */
function useStateChange<T>(id: string, change: (given: T) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => client.invalidateQueries({ queryKey: keys.state(id) }) });
}

export const usePutState = (id: string) => useStateChange(id, (body: BodyOf<typeof putState>) => call(putState, { params: { id }, body }));
export const useDeleteState = (id: string) => useStateChange(id, (body: BodyOf<typeof deleteState>) => call(deleteState, { params: { id }, body }));
export const useClearState = (id: string) => useStateChange(id, (body: BodyOf<typeof clearState>) => call(clearState, { params: { id }, body }));
