import { getQueue } from '@switchyard/shared/contracts/controls/queue.ts';
import { applyRetention, getStorage } from '@switchyard/shared/contracts/controls/storage.ts';
import { getSystem } from '@switchyard/shared/contracts/system.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from './call.ts';
import { keys } from './keys.ts';

const REFETCH_MS = 5_000;

/** The processes of the server, and what was rejected or slow, refetched while visible. */
export const useSystem = () =>
  useQuery({ queryKey: keys.system, queryFn: ({ signal }) => call(getSystem, { signal }), refetchInterval: REFETCH_MS, retry: false });

/** Queued and driven runs by workflow, refetched while visible. */
export const useQueue = () =>
  useQuery({ queryKey: keys.queue, queryFn: ({ signal }) => call(getQueue, { signal }), refetchInterval: REFETCH_MS, retry: false });

/** What uses the disk. It changes slowly. */
export const useStorage = () => useQuery({ queryKey: keys.storage, queryFn: ({ signal }) => call(getStorage, { signal }), retry: false });

/** Removes old data of runs now. */
export function useApplyRetention() {
  const client = useQueryClient();
  return useMutation({ mutationFn: () => call(applyRetention, {}), onSettled: () => client.invalidateQueries({ queryKey: keys.storage }) });
}
