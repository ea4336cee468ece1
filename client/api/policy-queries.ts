import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import {
  createErasure,
  dryRunRetention,
  getPolicies,
  type PolicyContent,
  previewPolicies,
  putPolicies,
  type Retention,
} from '@switchyard/shared/contracts/policies.ts';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from './call.ts';
import { keys } from './keys.ts';

/** Runs find values, and others save policies, all the time. */
const REFETCH_MS = 10_000;

/** The data policy of a workflow in force, with what it found in 24 hours. */
export const usePolicies = (id: string) =>
  useQuery({
    queryKey: keys.policies(id),
    queryFn: ({ signal }) => call(getPolicies, { params: { id }, signal }),
    refetchInterval: REFETCH_MS,
  });

/** Saves a data policy. Fails with `revision-conflict` if it was changed since `revision`, and loads the newer one. */
export function useSavePolicies(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: PolicyContent & Pick<BodyOf<typeof putPolicies>, 'revision' | 'reason'>) => call(putPolicies, { params: { id }, body }),
    onSuccess: (policy) => client.setQueryData(keys.policies(id), policy),
    onError: () => client.invalidateQueries({ queryKey: keys.policies(id) }),
  });
}

/** What rules make of a text or value. Loads nothing while `body` is undefined. */
export const usePolicyPreview = (id: string, body: BodyOf<typeof previewPolicies> | undefined) =>
  useQuery({
    queryKey: [...keys.policies(id), 'preview', body],
    queryFn: ({ signal }) => call(previewPolicies, { params: { id }, body: body ?? {}, signal }),
    enabled: body !== undefined,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });

/** Counts the runs whose data the retention settings would remove now. */
export const useRetentionDryRun = (id: string) =>
  useMutation({ mutationFn: (retention: Retention) => call(dryRunRetention, { params: { id }, body: { retention } }) });

/** Removes the payloads of all runs with a label, or counts them. */
export function useErasure() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<typeof createErasure>) => call(createErasure, { body }),
    onSuccess: ({ dryRun }) => (dryRun ? undefined : client.invalidateQueries({ queryKey: keys.runs })),
  });
}
