import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { useMemo, useState } from 'react';
import { useDoneReviews, useOpenReviews } from '../../live/review-queries.ts';
import { isMine, useReviewer } from '../decision/reviewer.ts';
import { findReviews, mostUrgentFirst } from '../detail/urgency.ts';
import type { Tab } from './inbox-search.ts';

/** The reviews of a tab, as displayed. */
export interface Inbox {
  readonly shown: readonly Review[];
  readonly mine: number | undefined;
  readonly all: number | undefined;
  readonly search: string;
  readonly setSearch: (text: string) => void;
  readonly loaded: boolean;
  readonly error: unknown;
  readonly retry: () => void;
}

export function useInbox(tab: Tab): Inbox {
  const me = useReviewer();
  const open = useOpenReviews();
  const done = useDoneReviews(tab === 'done');
  const [search, setSearch] = useState('');
  const mine = useMemo(() => open.data?.filter((review) => isMine(review, me)), [open.data, me]);
  const { data, error, refetch } = tab === 'done' ? done : open;
  const listed = tab === 'mine' ? mine : data;
  const shown = useMemo(() => {
    const found = findReviews(listed ?? [], search);
    return tab === 'done' ? found : mostUrgentFirst(found);
  }, [listed, search, tab]);
  return { shown, mine: mine?.length, all: open.data?.length, search, setSearch, loaded: data !== undefined, error, retry: () => void refetch() };
}

/** The number of open reviews for the person at this browser, or 0 until known. */
export function useMineCount(): number {
  const me = useReviewer();
  const { data } = useOpenReviews();
  return useMemo(() => (data ?? []).filter((review) => isMine(review, me)).length, [data, me]);
}
