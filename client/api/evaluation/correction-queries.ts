import type { QueryOf } from '@switchyard/shared/contracts/contract.ts';
import {
  addCorrectionToDataset,
  type Cause,
  type Correction,
  exportCorrections,
  getCorrection,
  getCorrectionSummary,
  listCorrections,
  setCorrectionCause,
} from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call, urlOf } from '../call.ts';
import { keys } from '../keys.ts';

export type CorrectionFilters = Omit<QueryOf<typeof listCorrections>, 'limit' | 'cursor'>;

const CORRECTIONS = ['corrections'] as const;
const PAGE = 50;
/** As many as one review can have fields. */
const MOST_OF_REVIEW = 50;
const REFETCH_MS = 60_000;

/** Corrections, newest first, page by page. */
export const useCorrections = (filters: CorrectionFilters, enabled = true) =>
  useInfiniteQuery({
    queryKey: [...CORRECTIONS, 'list', filters],
    queryFn: ({ pageParam, signal }) => call(listCorrections, { query: { ...filters, limit: PAGE, ...(pageParam && { cursor: pageParam }) }, signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: REFETCH_MS,
    enabled,
  });

/** The URL of a file for fine-tuning. The people in it agreed. */
export const tuningUrl = (filters: Pick<CorrectionFilters, 'workflowId' | 'from' | 'to'>): string =>
  urlOf(exportCorrections, {}, { ...filters, consent: 'true' });

/** Counts by cause over time, and rates. */
export const useCorrectionSummary = (query: QueryOf<typeof getCorrectionSummary>) =>
  useQuery({
    queryKey: [...CORRECTIONS, 'summary', query],
    queryFn: ({ signal }) => call(getCorrectionSummary, { query, signal }),
    refetchInterval: REFETCH_MS,
    placeholderData: keepPreviousData,
  });

const oneKey = (id: string) => [...CORRECTIONS, 'one', id] as const;
export const useCorrection = (id: string) =>
  useQuery<Correction>({ queryKey: oneKey(id), queryFn: ({ signal }) => call(getCorrection, { params: { id }, signal }) });

/** The corrections of the same review. */
export const useCorrectionsOfRun = (runId: string) =>
  useQuery<Correction[]>({
    queryKey: [...CORRECTIONS, 'run', runId],
    queryFn: ({ signal }) => call(listCorrections, { query: { runId, limit: MOST_OF_REVIEW }, signal }).then(({ items }) => items),
  });

/** Makes a correction an item of a dataset, or of that of its workflow. */
export function useAddToDataset() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, datasetId }: { id: string; datasetId: string | undefined }) =>
      call(addCorrectionToDataset, { params: { id }, body: { ...(datasetId !== undefined && { datasetId }) } }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.datasets }),
  });
}

/** Confirms or changes a cause. Null goes back to the likely one. */
export function useSetCause() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, cause }: { id: string; cause: Cause | null }) => call(setCorrectionCause, { params: { id }, body: { cause } }),
    onSuccess: (changed) => {
      client.setQueryData(oneKey(changed.id), changed);
      return client.invalidateQueries({ queryKey: CORRECTIONS });
    },
  });
}
