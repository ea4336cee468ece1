import type { RunSummary } from '@switchyard/shared/contracts/runs.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { RunStatus } from '@switchyard/shared/run/state.ts';
import { type RunRecord, runs } from '../../store/collections.ts';
import type { Page, Query, Scalar } from '../../store/port.ts';
import type { ServiceContext } from '../context.ts';
import { queuedOf } from '../queue/queue-place.ts';
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
  /** Child runs of this run, which are left out otherwise (S38). */
  readonly parent?: string | undefined;
  readonly search?: string | undefined;
}

/** How many short pages are read before a partial page is returned: a search for one or two letters may match no run. */
const MOST_PAGES = 20;

/** Runs that match every filter, newest first. A page may have fewer than `limit` although there are more: continue while there is a cursor. */
export async function listRuns(context: ServiceContext, filter: RunFilter): Promise<{ items: RunSummary[]; nextCursor: string | null }> {
  const { items, nextCursor } = await findRuns(context, filter);
  const queued = await queuedOf(context, items);
  return { items: items.map((record) => ({ ...runSummaryView(record), queued: queued.get(record.id) ?? null })), nextCursor };
}

/** The records of these runs. `fields`: those that are needed, if not all. */
export async function findRuns({ store }: ServiceContext, filter: RunFilter, fields?: readonly string[]): Promise<Page<RunRecord>> {
  const query = { ...storeQuery(filter), ...(fields && { fields }) };
  const items: RunRecord[] = [];
  let cursor = filter.cursor;
  for (let pages = 0; ; pages++) {
    const page = await store.find(runs, { ...query, limit: filter.limit - items.length, ...(cursor !== undefined && { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
    if (cursor === undefined || items.length >= filter.limit || pages >= MOST_PAGES) return { items, nextCursor: cursor ?? null };
  }
}

function checkedLabel(label: string): string {
  if (label.indexOf(':') > 0) return label;
  throw new AppError('bad-request', 'A label has the form name:value, for example tenant:acme.', {
    fields: [{ path: 'label', message: 'must be name:value' }],
  });
}

function storeQuery(filter: RunFilter): Query {
  const where: Record<string, Scalar | null> = { parentRunId: filter.parent ?? null };
  if (filter.workflowId !== undefined) where.workflowId = filter.workflowId;
  if (filter.status !== undefined) where.status = filter.status;
  if (filter.trigger !== undefined) where.trigger = filter.trigger;
  if (filter.version !== undefined) where.versionText = filter.version;
  if (filter.label !== undefined) where.labels = checkedLabel(filter.label);
  return {
    where,
    ...((filter.from !== undefined || filter.to !== undefined) && {
      range: { field: 'createdAt', ...(filter.from !== undefined && { from: inMs(filter.from) }), ...(filter.to !== undefined && { to: inMs(filter.to) }) },
    }),
    ...(filter.search && { search: filter.search.toLowerCase() }),
    order: { field: 'createdAt', descending: true },
    aside: true,
  };
}

/** Stored times have milliseconds. Times in filters need them too, because both are compared as text. */
const inMs = (moment: string): string => new Date(moment).toISOString();
