import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Activity, WorkflowSummary } from '@switchyard/shared/contracts/workflows.ts';
import { type WorkflowRecord, workflows } from '../../store/collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import type { ServiceContext } from '../context.ts';
import type { DraftFacts } from './draft-facts.ts';
import { workflowsMatching } from './tags.ts';
import { workflowView } from './workflow-record.ts';

interface ListParts {
  readonly factsOf: (workflow: WorkflowRecord) => Promise<DraftFacts>;
  readonly activityOf: (store: WorkspaceStore, workflowId: string) => Promise<Activity>;
}

interface ListQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Part of a name or a tag. */
  readonly search?: string | undefined;
  readonly tag?: string | undefined;
  readonly deleted?: 'true' | 'false' | undefined;
}

/** A draft can be 1 MB large. */
const AT_A_TIME = 3;

/** Workflows, last edited first, each with its activity in the last 24 hours. */
export async function listWorkflows(
  context: ServiceContext,
  { factsOf, activityOf }: ListParts,
  query: ListQuery,
): Promise<{ items: WorkflowSummary[]; nextCursor: string | null }> {
  const { store } = context;
  const isFiltered = (query.search ?? '') !== '' || query.tag !== undefined;
  const ids = isFiltered ? await workflowsMatching(context, query) : undefined;
  if (ids?.length === 0) return { items: [], nextCursor: null };
  const wantsDeleted = query.deleted === 'true';
  const items: WorkflowSummary[] = [];
  let cursor = query.cursor;
  let seen = 0;
  // A few at a time, so large drafts do not block the event loop. Deleted ones are rare, so pages are read until one has something to show.
  do {
    const page = await store.find(workflows, {
      order: { field: 'updatedAt', descending: true },
      limit: Math.min(AT_A_TIME, query.limit - items.length),
      ...(ids && { where: { id: ids } }),
      ...(cursor !== undefined && { cursor }),
    });
    const wanted = page.items.filter((record) => (record.deletedAt !== null) === wantsDeleted && !record.purgedAt);
    const shown = async (record: WorkflowRecord): Promise<WorkflowSummary> => {
      const { draft: _draft, ...view } = workflowView(record);
      return { ...view, ...(await factsOf(record)), activity: await activityOf(store, record.id) };
    };
    items.push(...(await Promise.all(wanted.map(shown))));
    seen += page.items.length;
    cursor = page.nextCursor ?? undefined;
    await nextTurn();
  } while (cursor !== undefined && (items.length === 0 || seen < query.limit));
  return { items, nextCursor: cursor ?? null };
}
