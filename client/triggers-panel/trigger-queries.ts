import type { BodyOf, ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import { createTrigger, deleteTrigger, listTriggers, runSchedule, type Trigger, updateTrigger } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { keys } from '../api/keys.ts';

/** Triggers fire, and wait, at any time. */
const REFETCH_MS = 5_000;

/** The triggers of a workflow besides its webhook, oldest first, and how often each fired. */
export const useTriggers = (workflowId: string) =>
  useQuery({
    queryKey: keys.triggers(workflowId),
    queryFn: ({ signal }) => call(listTriggers, { params: { id: workflowId }, signal }),
    refetchInterval: REFETCH_MS,
  });

/** Puts the server’s response into the list before the next refetch. */
function useChangeList(workflowId: string) {
  const client = useQueryClient();
  const queryKey = keys.triggers(workflowId);
  return async (change: (items: Trigger[]) => Trigger[]) => {
    await client.cancelQueries({ queryKey });
    client.setQueryData<ReplyOf<typeof listTriggers>>(queryKey, (list) => list && { ...list, items: change(list.items) });
    void client.invalidateQueries({ queryKey });
  };
}

export type NewTrigger = BodyOf<typeof createTrigger>;

export function useCreateTrigger(workflowId: string) {
  const change = useChangeList(workflowId);
  return useMutation({
    mutationFn: (body: NewTrigger) => call(createTrigger, { params: { id: workflowId }, body }),
    onSuccess: (created) => change((items) => [...items.filter(({ id }) => id !== created.id), created]),
  });
}

export function useUpdateTrigger({ id, workflowId }: Pick<Trigger, 'id' | 'workflowId'>) {
  const change = useChangeList(workflowId);
  return useMutation({
    mutationFn: (body: BodyOf<typeof updateTrigger>) => call(updateTrigger, { params: { id }, body }),
    onSuccess: (updated) => change((items) => items.map((item) => (item.id === id ? updated : item))),
    // Shows what was changed elsewhere.
    onError: () => change((items) => items),
  });
}

/** Starts a run of a schedule. */
export function useRunSchedule({ id, workflowId }: Pick<Trigger, 'id' | 'workflowId'>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(runSchedule, { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.triggers(workflowId) }),
  });
}

export function useDeleteTrigger({ id, workflowId }: Pick<Trigger, 'id' | 'workflowId'>) {
  const change = useChangeList(workflowId);
  return useMutation({
    mutationFn: (query: { readonly reason?: string }) => call(deleteTrigger, { params: { id }, query }),
    onSuccess: () => change((items) => items.filter((item) => item.id !== id)),
  });
}
