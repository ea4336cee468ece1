import { listRouteCalls, routeTryEvents, tryRoute } from '@switchyard/shared/contracts/calls/route-calls.ts';
import type { TriedCall } from '@switchyard/shared/contracts/calls/tried-call.ts';
import type { BodyOf, QueryOf } from '@switchyard/shared/contracts/contract.ts';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { call, openStream } from './call.ts';
import { keys } from './keys.ts';
import { readTry, type TryListener } from './stream-try.ts';

export type CallFilters = Pick<QueryOf<typeof listRouteCalls>, 'target' | 'outcome'>;

const PAGE = 50;
const LOOK_AGAIN_MS = 5_000;

/** The calls of a route, newest first, page by page. Refetched while they are shown. */
export const useRouteCalls = (name: string, filters: CallFilters) =>
  useInfiniteQuery({
    queryKey: [...keys.routeCalls(name), filters],
    queryFn: ({ signal, pageParam }) =>
      call(listRouteCalls, { params: { name }, query: { ...filters, limit: PAGE, ...(pageParam && { cursor: pageParam }) }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_AGAIN_MS,
  });

export type RouteTryRequest = BodyOf<typeof tryRoute>;

/** Sends a test message through a route. Throws as `readTry` does. */
export const streamRouteTry = async (name: string, body: RouteTryRequest, listener: TryListener): Promise<TriedCall> =>
  readTry(await openStream(tryRoute, { params: { name }, body, signal: listener.signal }), routeTryEvents.done, listener);
