import * as contracts from '@switchyard/shared/contracts/insight/insight.ts';
import type { Request } from 'express';
import { getComparison, putBaseline } from '../../../services/insight/baseline.ts';
import { listExceptions } from '../../../services/insight/exceptions.ts';
import { breakdownCsv, exceptionsCsv, overviewCsv } from '../../../services/insight/insight-csv.ts';
import { getBreakdown, getOverview } from '../../../services/insight/overview.ts';
import { listReviewers } from '../../../services/insight/reviewers.ts';
import { type Api, FileReply } from '../../register.ts';

const wantsCsv = (format: 'json' | 'csv' | undefined, request: Request): boolean => (format ?? request.accepts(['json', 'csv'])) === 'csv';
const csvFile = (name: string, text: string): FileReply => new FileReply(`${name}.csv`, text, 'text/csv; charset=utf-8');

/** Figures of live runs. */
export const insightRoutes = (api: Api): void => {
  api.register(contracts.getInsight, async ({ context, query: { format, ...query }, request }) => {
    const overview = await getOverview(context, query);
    return wantsCsv(format, request) ? csvFile('insight', overviewCsv(overview)) : overview;
  });
  api.register(contracts.getInsightBreakdown, async ({ context, query: { format, ...query }, request }) => {
    const breakdown = await getBreakdown(context, query);
    return wantsCsv(format, request) ? csvFile(`insight-by-${query.by}`, breakdownCsv(breakdown)) : breakdown;
  });
  api.register(contracts.listExceptions, async ({ context, query: { format, ...query }, request }) => {
    const exceptions = await listExceptions(context, query);
    return wantsCsv(format, request) ? csvFile('exceptions', exceptionsCsv(exceptions.items)) : exceptions;
  });
  api.register(contracts.listReviewerFigures, ({ context, query }) => listReviewers(context, query));
  api.register(contracts.getComparison, ({ context, query }) => getComparison(context, query));
  api.register(contracts.putBaseline, ({ context, query, body }) => putBaseline(context, query, body));
};
