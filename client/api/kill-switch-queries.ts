import type { BodyOf, QueryOf } from '@switchyard/shared/contracts/contract.ts';
import { countOpenRuns, createKillSwitch, deleteKillSwitch, type KillSwitch, listKillSwitches } from '@switchyard/shared/contracts/controls/kill-switches.ts';
import { getHeldRuns, releaseHeldRuns } from '@switchyard/shared/contracts/system.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { showDone, showFailure } from '../ui/toast.tsx';
import { call } from './call.ts';
import { keys } from './keys.ts';

/** Kill switches can change elsewhere. */
const REFETCH_MS = 5_000;

/** Active kill switches, newest first. */
export const useKillSwitches = () =>
  useQuery({
    queryKey: keys.killSwitches,
    queryFn: ({ signal }) => call(listKillSwitches, { query: { limit: 500 }, signal }).then((page) => page.items),
    refetchInterval: REFETCH_MS,
  });

/** How many open runs a kill switch would cancel. */
export const useOpenRuns = (query: QueryOf<typeof countOpenRuns>) =>
  useQuery({
    queryKey: [...keys.killSwitches, 'open-runs', query],
    queryFn: ({ signal }) => call(countOpenRuns, { query, signal }),
    refetchInterval: REFETCH_MS,
    gcTime: 0,
  });

export function useCreateKillSwitch() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<typeof createKillSwitch>) => call(createKillSwitch, { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.killSwitches }),
  });
}

export function useUndoKillSwitch() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id }: KillSwitch) => call(deleteKillSwitch, { params: { id } }),
    onSuccess: () => void showDone('Kill switch undone'),
    onError: (thrown) => showFailure('Couldn’t undo kill switch', thrown),
    onSettled: () => client.invalidateQueries({ queryKey: keys.killSwitches }),
  });
}

/** Runs that a restore holds. Refetched only while there are any. */
export const useHeldRuns = () =>
  useQuery({
    queryKey: keys.heldRuns,
    queryFn: ({ signal }) => call(getHeldRuns, { signal }),
    refetchInterval: ({ state }) => (state.data && state.data.backupAt !== null ? REFETCH_MS : false),
  });

export function useReleaseRuns() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(releaseHeldRuns, { body: {} }),
    onError: (thrown) => showFailure('Couldn’t release runs', thrown),
    onSettled: () => client.invalidateQueries({ queryKey: keys.heldRuns }),
  });
}
