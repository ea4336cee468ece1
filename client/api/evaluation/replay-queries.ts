import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import {
  cancelReplay,
  compareRuns,
  estimateReplay,
  getReplay,
  getReplayGraph,
  listReplayedRuns,
  listReplays,
  type Outcome,
  type Replay,
  startReplay,
} from '@switchyard/shared/contracts/evaluation/replays.ts';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../call.ts';

const REPLAYS = ['replays'] as const;
const POLL_MS = 1_000;
const PAGE = 50;
const FOR_EVER = Number.POSITIVE_INFINITY;

export type WantedReplay = BodyOf<typeof estimateReplay>;

/** One replay, followed until it has ended. */
export const useReplay = (id: string) =>
  useQuery({
    queryKey: [...REPLAYS, id],
    queryFn: ({ signal }) => call(getReplay, { params: { id }, signal }),
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? POLL_MS : false),
  });

/** The graph of a replay, which never changes. */
export const useReplayGraph = (id: string) =>
  useQuery({ queryKey: [...REPLAYS, id, 'graph'], queryFn: ({ signal }) => call(getReplayGraph, { params: { id }, signal }), staleTime: FOR_EVER });

/** The runs of a replay, those that differ most first, page by page. */
export const useReplayedRuns = (replay: Pick<Replay, 'id'> & { readonly counts: Pick<Replay['counts'], 'done'> }, outcome: Outcome | undefined) =>
  useInfiniteQuery({
    queryKey: [...REPLAYS, replay.id, 'runs', outcome ?? null, replay.counts.done],
    queryFn: ({ pageParam, signal }) =>
      call(listReplayedRuns, {
        params: { id: replay.id },
        query: { limit: PAGE, ...(outcome && { outcome }), ...(pageParam && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: (before) => before,
  });

/** The replays of a workflow, newest first. */
export const useReplaysOf = (workflowId: string) =>
  useQuery({
    queryKey: [...REPLAYS, 'of', workflowId],
    queryFn: ({ signal }) => call(listReplays, { query: { workflowId, limit: 10 }, signal }).then(({ items }) => items),
  });

export const useReplayEstimate = (wanted: WantedReplay) =>
  useQuery({
    queryKey: [...REPLAYS, 'estimate', wanted],
    queryFn: ({ signal }) => call(estimateReplay, { body: wanted, signal }),
    placeholderData: (before) => before,
  });

export function useStartReplay() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<typeof startReplay>) => call(startReplay, { body }),
    onSettled: () => client.invalidateQueries({ queryKey: [...REPLAYS, 'of'] }),
  });
}

export function useCancelReplay(id: string) {
  const client = useQueryClient();
  return useMutation({ mutationFn: () => call(cancelReplay, { params: { id } }), onSettled: () => client.invalidateQueries({ queryKey: [...REPLAYS, id] }) });
}

/** What differs between two runs that have ended. */
export const useRunComparison = (id: string, other: string) =>
  useQuery({ queryKey: ['run', id, 'compare', other], queryFn: ({ signal }) => call(compareRuns, { params: { id, other }, signal }), staleTime: FOR_EVER });
