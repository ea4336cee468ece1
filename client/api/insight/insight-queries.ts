import type { BodyOf, QueryOf } from '@switchyard/shared/contracts/contract.ts';
import {
  type Comparison,
  getComparison,
  getInsight,
  getInsightBreakdown,
  listExceptions,
  listReviewerFigures,
  putBaseline,
} from '@switchyard/shared/contracts/insight/insight.ts';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { showDone } from '../../ui/toast.tsx';
import { call, urlOf } from '../call.ts';
import { keys } from '../keys.ts';

/** Which runs: of a workflow and version, in a time. */
export type InsightQuery = Omit<QueryOf<typeof getInsight>, 'format'>;
type BreakdownBy = NonNullable<QueryOf<typeof getInsightBreakdown>['by']>;

/** Figures are up to 30 s late anyway. */
const REFETCH_MS = 30_000;
const usual = { refetchInterval: REFETCH_MS, placeholderData: keepPreviousData };

/** People and the baseline have no figures by version. */
const withoutVersion = ({ version: _version, ...query }: InsightQuery) => query;

export const useInsight = (query: InsightQuery) =>
  useQuery({ queryKey: [...keys.insight, 'overview', query], queryFn: ({ signal }) => call(getInsight, { query, signal }), ...usual });

export const useBreakdown = (query: InsightQuery, by: BreakdownBy) =>
  useQuery({ queryKey: [...keys.insight, by, query], queryFn: ({ signal }) => call(getInsightBreakdown, { query: { ...query, by }, signal }), ...usual });

export const useExceptions = (query: InsightQuery) =>
  useQuery({ queryKey: [...keys.insight, 'exceptions', query], queryFn: ({ signal }) => call(listExceptions, { query, signal }), ...usual });

export const useReviewerFigures = (query: InsightQuery) =>
  useQuery({
    queryKey: [...keys.insight, 'reviewers', withoutVersion(query)],
    queryFn: ({ signal }) => call(listReviewerFigures, { query: withoutVersion(query), signal }),
    ...usual,
  });

export const useComparison = (query: InsightQuery) =>
  useQuery({
    queryKey: [...keys.insight, 'comparison', withoutVersion(query)],
    queryFn: ({ signal }) => call(getComparison, { query: withoutVersion(query), signal }),
    ...usual,
  });

/** Sets the baseline of a workflow, or of all. */
export function usePutBaseline(workflowId: string | undefined, { revision }: Pick<Comparison, 'revision'>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Omit<BodyOf<typeof putBaseline>, 'revision'>) =>
      call(putBaseline, { query: workflowId === undefined ? {} : { workflowId }, body: { ...body, revision } }),
    onSuccess: () => {
      showDone('Baseline saved');
      return client.invalidateQueries({ queryKey: keys.insight });
    },
  });
}

/** Figures over time, by one dimension, or exception paths, as CSV files. */
export const overviewCsvUrl = (query: InsightQuery): string => urlOf(getInsight, {}, { ...query, format: 'csv' });
export const breakdownCsvUrl = (query: InsightQuery, by: BreakdownBy): string => urlOf(getInsightBreakdown, {}, { ...query, by, format: 'csv' });
export const exceptionsCsvUrl = (query: InsightQuery): string => urlOf(listExceptions, {}, { ...query, format: 'csv' });
