import { getReview, getReviewByLink, getReviewStory, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { call } from '../api/call.ts';
import { liveSocket } from './socket.ts';
import { useThrottled } from './use-throttled.ts';

/** Lists are sorted and searched here, so all that is open is fetched. */
const MOST = 500;
const REFRESH_MS = 300;
/** A link is opened without sign-in, where there is no socket: the page asks instead. */
const ASK_MS = 3_000;

const REVIEWS = ['reviews'] as const;
export const reviewKey = (id: string) => [...REVIEWS, 'one', id] as const;
export const linkKey = (token: string) => [...REVIEWS, 'link', token] as const;

const listQuery = (status: 'open' | 'done') =>
  queryOptions({
    queryKey: [...REVIEWS, status],
    queryFn: ({ signal }) => call(listReviews, { query: { status, limit: status === 'open' ? MOST : 100 }, signal }).then((page) => page.items),
  });
/** Tasks that wait for a decision. */
export const useOpenReviews = () => useQuery(listQuery('open'));
/** The task that this run waits for, if it does. */
export const useOpenTask = (runId: string) => useOpenReviews().data?.find((review) => review.runId === runId);
/** The last tasks that were decided, newest first. */
export const useDoneReviews = (enabled: boolean) => useQuery({ ...listQuery('done'), enabled });

export const useReview = (id: string) => useQuery({ queryKey: reviewKey(id), queryFn: ({ signal }) => call(getReview, { params: { id }, signal }) });
export const useReviewStory = (id: string) =>
  useQuery({ queryKey: [...reviewKey(id), 'story'], queryFn: ({ signal }) => call(getReviewStory, { params: { id }, signal }) });

/** The task of a review link with all that is shown beside it. */
export const useReviewByLink = (token: string) =>
  useQuery({
    queryKey: linkKey(token),
    queryFn: ({ signal }) => call(getReviewByLink, { params: { token }, signal }),
    refetchInterval: ({ state }) => (state.data?.review.status === 'open' ? ASK_MS : false),
  });

/** Keeps every list and task up to date while this is shown. */
export function useLiveReviews(): void {
  const client = useQueryClient();
  const refresh = useThrottled(() => void client.invalidateQueries({ queryKey: REVIEWS }), REFRESH_MS);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `refresh` is another function each time, and does the same
  useEffect(() => {
    const socket = liveSocket();
    const watch = () => {
      socket.emit('inbox:watch');
      refresh();
    };
    socket.on('inbox:changed', refresh);
    socket.on('connect', watch);
    if (socket.connected) watch();
    return () => {
      socket.off('inbox:changed', refresh);
      socket.off('connect', watch);
    };
  }, []);
}
