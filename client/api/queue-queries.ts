import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { getQueueSettings, putQueueSettings } from '@switchyard/shared/contracts/controls/queue.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from './call.ts';
import { keys } from './keys.ts';

const REFETCH_MS = 10_000;

/** The limits and the priority of a workflow. */
export const useQueueSettings = (id: string) =>
  useQuery({ queryKey: keys.limits(id), queryFn: ({ signal }) => call(getQueueSettings, { params: { id }, signal }), refetchInterval: REFETCH_MS });

/** Saves them. Fails with `revision-conflict` if they were changed since `revision`, and loads the newer ones. */
export function useSaveQueueSettings(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<typeof putQueueSettings>) => call(putQueueSettings, { params: { id }, body }),
    onSuccess: (settings) => client.setQueryData(keys.limits(id), settings),
    onError: () => client.invalidateQueries({ queryKey: keys.limits(id) }),
  });
}
