import { type CHANGE_SUBJECTS, listChanges } from '@switchyard/shared/contracts/changes.ts';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { call } from './call.ts';
import { keys } from './keys.ts';

export interface ChangeFilters {
  readonly subject?: (typeof CHANGE_SUBJECTS)[number];
  /** ISO time. */
  readonly from?: string;
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
