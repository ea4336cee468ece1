import { type CHANGE_SUBJECTS, listChangeActors, listChanges } from '@switchyard/shared/contracts/changes.ts';
import { getRunEvidence, verifyEvidence } from '@switchyard/shared/contracts/insight/evidence.ts';
import { getInventory } from '@switchyard/shared/contracts/insight/inventory.ts';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { call } from './call.ts';
import { keys } from './keys.ts';

export interface ChangeFilters {
  readonly subject?: (typeof CHANGE_SUBJECTS)[number];
  /** The ID of who made the change. */
  readonly actor?: string;
  /** ISO times. */
  readonly from?: string;
  readonly to?: string;
}

const PAGE = 50;

/** Changes, newest first, page by page. */
export const useChanges = (filters: ChangeFilters) =>
  useInfiniteQuery({
    queryKey: [...keys.changes, filters],
    queryFn: ({ signal, pageParam }) => call(listChanges, { query: { ...filters, limit: PAGE, ...(pageParam && { cursor: pageParam }) }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

/** Everyone who made a change. */
export const useChangeActors = () =>
  useQuery({ queryKey: [...keys.changes, 'actors'], queryFn: ({ signal }) => call(listChangeActors, { signal }).then(({ items }) => items) });

/** The verdict on a run’s evidence, as it is now. */
export const useVerdict = (runId: string, enabled: boolean) =>
  useQuery({
    queryKey: keys.verdict(runId),
    queryFn: async ({ signal }) => call(verifyEvidence, { body: { ...(await call(getRunEvidence, { params: { id: runId }, signal })) }, signal }),
    enabled,
    staleTime: 0,
    retry: false,
  });

/** Stored data. It changes slowly. */
export const useInventory = () => useQuery({ queryKey: keys.inventory, queryFn: ({ signal }) => call(getInventory, { signal }), retry: false });
