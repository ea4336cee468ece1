import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { getAuthority, listAuthorityLabels, setAuthority } from '@switchyard/shared/contracts/evaluation/authority.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../call.ts';
import { keys } from '../keys.ts';

const REFRESH_MS = 10_000;
const MOST_LABELS = 50;

/** How much of its reviews a person sees at a node, with the evidence. */
export const useAuthority = (id: string, nodeKey: string) =>
  useQuery({
    queryKey: keys.authority(id, nodeKey),
    queryFn: ({ signal }) => call(getAuthority, { params: { id, nodeKey }, signal }),
    refetchInterval: REFRESH_MS,
  });

/** The newest drawn reviews of a node. */
export const useAuthorityLabels = (id: string, nodeKey: string, filter: { readonly group?: string; readonly wrong?: 'true' }) =>
  useQuery({
    queryKey: [...keys.authority(id, nodeKey), 'labels', filter.group, filter.wrong],
    queryFn: ({ signal }) => call(listAuthorityLabels, { params: { id, nodeKey }, query: { ...filter, limit: MOST_LABELS }, signal }),
  });

/** Accepts a proposal, puts it off, or takes a group back to full review. */
export function useSetAuthority(id: string, nodeKey: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<typeof setAuthority>) => call(setAuthority, { params: { id, nodeKey }, body }),
    onSuccess: (authority) => client.setQueryData(keys.authority(id, nodeKey), authority),
    onError: () => client.invalidateQueries({ queryKey: keys.authority(id, nodeKey) }),
  });
}
