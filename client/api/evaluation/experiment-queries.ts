import type { BodyOf, QueryOf } from '@switchyard/shared/contracts/contract.ts';
import { exportExperiment, gradeExperimentResult } from '@switchyard/shared/contracts/evaluation/experiment-results.ts';
import * as contracts from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call, urlOf } from '../call.ts';
import { keys } from '../keys.ts';

const PAGE = 50;
/** While something runs. */
const LIVE_MS = 1_000;

export const isRunning = ({ status }: Pick<contracts.Experiment, 'status'>): boolean => status === 'queued' || status === 'running';

/** Experiments, newest first, page by page. */
export const useExperiments = (datasetId?: string) =>
  useInfiniteQuery({
    queryKey: [...keys.experiments, 'list', datasetId ?? ''],
    queryFn: ({ signal, pageParam }) =>
      call(contracts.listExperiments, {
        query: { limit: PAGE, ...(datasetId !== undefined && { datasetId }), ...(pageParam && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(isRunning)) ? LIVE_MS : false),
  });

export const useExperiment = (id: string) =>
  useQuery({
    queryKey: [...keys.experiments, id],
    queryFn: ({ signal }) => call(contracts.getExperiment, { params: { id }, signal }),
    refetchInterval: ({ state }) => (state.data && isRunning(state.data) ? LIVE_MS : false),
  });

type ResultsQuery = Pick<QueryOf<typeof contracts.listExperimentResults>, 'status'>;

/** Results, the worst first. `done`: how many there are, which reloads them. */
export const useExperimentResults = (id: string, { status }: ResultsQuery, done: number, enabled: boolean) =>
  useInfiniteQuery({
    queryKey: [...keys.experiments, id, 'results', status ?? '', done],
    queryFn: ({ signal, pageParam }) =>
      call(contracts.listExperimentResults, {
        params: { id },
        query: { limit: PAGE, order: 'worst', ...(status && { status }), ...(pageParam && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    enabled,
  });

export const useExperimentResult = (id: string, index: number) =>
  useQuery({
    queryKey: [...keys.experiments, id, 'result', index],
    queryFn: ({ signal }) => call(contracts.getExperimentResult, { params: { id, index }, signal }),
  });

/** Results that wait for a person’s grade, by item, at most 100. */
export const useWaitingResults = (id: string, done: number, enabled: boolean) =>
  useQuery({
    queryKey: [...keys.experiments, id, 'waiting', done],
    queryFn: async ({ signal }) =>
      (await call(contracts.listExperimentResults, { params: { id }, query: { waiting: 'true', order: 'item', limit: MOST_WAITING }, signal })).items,
    enabled,
    placeholderData: keepPreviousData,
  });
export const MOST_WAITING = 100;

/** Graded results, at most 1,000, to compare graders with each other. */
export const useGradedResults = (id: string, graded: number, enabled: boolean) =>
  useQuery({
    queryKey: [...keys.experiments, id, 'graded', graded],
    queryFn: async ({ signal }) =>
      (await call(contracts.listExperimentResults, { params: { id }, query: { status: 'graded', order: 'item', limit: 1_000 }, signal })).items,
    enabled,
    placeholderData: keepPreviousData,
  });

/** A comparison is computed when it is asked for, so a running experiment is compared again only now and then. */
const COMPARE_MS = 5_000;

export const useComparison = (id: string, other: string | undefined, live: boolean) =>
  useQuery({
    queryKey: [...keys.experiments, id, 'compare', other ?? '', live],
    queryFn: ({ signal }) => call(contracts.compareExperiments, { params: { id, other: other ?? '' }, signal }),
    enabled: other !== undefined,
    refetchInterval: live ? COMPARE_MS : false,
    placeholderData: keepPreviousData,
  });

export type PairsWanted = QueryOf<typeof contracts.listExperimentPairs>['outcome'];

export const usePairs = (id: string, other: string | undefined, outcome: PairsWanted, pairs: number) =>
  useInfiniteQuery({
    queryKey: [...keys.experiments, id, 'pairs', other ?? '', outcome ?? '', pairs],
    queryFn: ({ signal, pageParam }) =>
      call(contracts.listExperimentPairs, {
        params: { id, other: other ?? '' },
        query: { limit: PAGE, ...(outcome && { outcome }), ...(pageParam && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    enabled: other !== undefined,
  });

/** A change of experiments that reloads them. */
function useChange<Given, Result>(change: (given: Given) => Promise<Result>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => client.invalidateQueries({ queryKey: keys.experiments }) });
}

export type NewExperiment = BodyOf<typeof contracts.createExperiment>;

export const useCreateExperiment = () => useChange((body: NewExperiment) => call(contracts.createExperiment, { body }));
export const useGradeResult = (id: string, index: number) =>
  useChange((body: BodyOf<typeof gradeExperimentResult>) => call(gradeExperimentResult, { params: { id, index }, body }));
export const useCancelExperiment = (id: string) => useChange((_: undefined) => call(contracts.cancelExperiment, { params: { id } }));
export const useContinueExperiment = (id: string) =>
  useChange((body: BodyOf<typeof contracts.continueExperiment>) => call(contracts.continueExperiment, { params: { id }, body }));

export const experimentExportUrl = (id: string, format: 'csv' | 'jsonl'): string => urlOf(exportExperiment, { id }, { format });
