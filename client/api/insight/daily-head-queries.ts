import { getHeadReceiver, type HeadReceiver, listDailyHeads, makeHeadSecret, putHeadReceiver } from '@switchyard/shared/contracts/insight/daily-heads.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../call.ts';

const RECEIVER = ['daily-heads', 'receiver'] as const;

/** The newest daily head. Null if there is none. */
export const useNewestHead = () =>
  useQuery({
    queryKey: ['daily-heads', 'newest'],
    queryFn: ({ signal }) => call(listDailyHeads, { query: { limit: 1 }, signal }).then(({ items }) => items[0] ?? null),
    retry: false,
  });

/** Where daily heads are sent to. */
export const useHeadReceiver = () => useQuery({ queryKey: RECEIVER, queryFn: ({ signal }) => call(getHeadReceiver, { signal }), retry: false });

export function useSaveHeadReceiver() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { url: string | null; revision: number }) => call(putHeadReceiver, { body }),
    onSuccess: (saved: HeadReceiver) => client.setQueryData(RECEIVER, saved),
  });
}

/** A new signing secret, which is shown once. */
export function useMakeHeadSecret() {
  const client = useQueryClient();
  return useMutation({ mutationFn: () => call(makeHeadSecret, {}), onSuccess: () => client.invalidateQueries({ queryKey: RECEIVER }) });
}
