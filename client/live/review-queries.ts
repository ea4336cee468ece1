import { getReview, getReviewByLink, getReviewStory, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { call } from '../api/call.ts';
import { liveSocket } from './socket.ts';
import { useThrottled } from './use-throttled.ts';

/** Lists are sorted and searched in the page, so all open reviews are fetched. */
const MAX_REVIEWS = 500;
const REFRESH_MS = 300;
/** A review link is opened without sign-in and therefore without a socket: the page polls. */
const ASK_MS = 3_000;

const REVIEWS = ['reviews'] as const;
export const reviewKey = (id: string) => [...REVIEWS, 'one', id] as const;
export const linkKey = (token: string) => [...REVIEWS, 'link', token] as const;

const listQuery = (status: 'open' | 'done') =>
  queryOptions({
    queryKey: [...REVIEWS, status],
    queryFn: ({ signal }) => call(listReviews, { query: { status, limit: status === 'open' ? MAX_REVIEWS : 100 }, signal }).then((page) => page.items),
  });
/** Reviews waiting for a decision. */
export const useOpenReviews = () => useQuery(listQuery('open'));
/** The review that this run is waiting for, if any. */
export const useOpenReview = (runId: string) => useOpenReviews().data?.find((review) => review.runId === runId);
/** The most recently decided reviews, newest first. */
export const useDoneReviews = (enabled: boolean) => useQuery({ ...listQuery('done'), enabled });

export const useReview = (id: string) => useQuery({ queryKey: reviewKey(id), queryFn: ({ signal }) => call(getReview, { params: { id }, signal }) });
export const useReviewStory = (id: string) =>
  useQuery({ queryKey: [...reviewKey(id), 'story'], queryFn: ({ signal }) => call(getReviewStory, { params: { id }, signal }) });

/** The review of a link, with its context. */
export const useReviewByLink = (token: string) =>
  useQuery({
    queryKey: linkKey(token),
    queryFn: ({ signal }) => call(getReviewByLink, { params: { token }, signal }),
    refetchInterval: ({ state }) => (state.data?.review.status === 'open' ? ASK_MS : false),
  });

/** Keeps all lists and reviews current while mounted. */
export function useLiveReviews(): void {
  const client = useQueryClient();
  const refresh = useThrottled(() => void client.invalidateQueries({ queryKey: REVIEWS }), REFRESH_MS);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `refresh` is a new function on every render with the same effect
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
