import type { RunSummary } from '@switchyard/shared/contracts/runs.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { RunStatus } from '@switchyard/shared/run/state.ts';
import { type RunRecord, runs } from '../../store/collections.ts';
import type { Query, Scalar } from '../../store/port.ts';
import type { ServiceContext } from '../context.ts';
import { runSummaryView } from './run-view.ts';

export interface RunFilter {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly workflowId?: string | undefined;
  readonly status?: RunStatus | undefined;
  readonly trigger?: RunRecord['trigger'] | undefined;
  readonly version?: string | undefined;
  /** `name:value`. */
  readonly label?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly search?: string | undefined;
}

/** Runs that fit every filter, newest first. A page may be short of `limit` though there are more: go on while there is a cursor. */
export async function listRuns({ store }: ServiceContext, filter: RunFilter): Promise<{ items: RunSummary[]; nextCursor: string | null }> {
  const label = filter.label === undefined ? undefined : checkedLabel(filter.label);
  const query = storeQuery(filter);
  let cursor = filter.cursor;
  for (;;) {
    const page = await store.find(runs, { ...query, ...(cursor !== undefined && { cursor }) });
    const items = label === undefined ? page.items : page.items.filter((run) => hasLabel(run, label));
    if (items.length > 0 || page.nextCursor === null) return { items: items.map(runSummaryView), nextCursor: page.nextCursor };
    cursor = page.nextCursor;
  }
}

/** Names may hold a colon too, so the label is compared as it is written. */
const hasLabel = ({ labels }: RunRecord, label: string): boolean => Object.entries(labels).some(([name, value]) => `${name}:${value}` === label);

function checkedLabel(label: string): string {
  if (label.indexOf(':') > 0) return label;
  throw new AppError('bad-request', 'A label is written name:value, such as tenant:acme.', { fields: [{ path: 'label', message: 'must be name:value' }] });
}

function storeQuery(filter: RunFilter): Query {
  const where: Record<string, Scalar> = {};
  if (filter.workflowId !== undefined) where.workflowId = filter.workflowId;
  if (filter.status !== undefined) where.status = filter.status;
  if (filter.trigger !== undefined) where.trigger = filter.trigger;
  if (filter.version !== undefined) where.versionText = filter.version;
  // Labels stand in the text that is searched, so a label alone narrows the search there too.
  const search = filter.search || filter.label;
  return {
    where,
    ...((filter.from !== undefined || filter.to !== undefined) && {
      range: { field: 'createdAt', ...(filter.from !== undefined && { from: inMs(filter.from) }), ...(filter.to !== undefined && { to: inMs(filter.to) }) },
    }),
    ...(search && { search: search.toLowerCase() }),
    order: { field: 'createdAt', descending: true },
    limit: filter.limit,
  };
}

/** Stored moments have milliseconds; a text comparison needs the same of those that are asked for. */
const inMs = (moment: string): string => new Date(moment).toISOString();
