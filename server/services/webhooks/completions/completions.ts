import type { Completion } from '@switchyard/shared/contracts/triggers/completions.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { runs } from '../../../store/collections.ts';
import type { Page, WorkspaceStore } from '../../../store/port.ts';
import { type CompletionRecord, completions } from '../../../store/triggers/completion-collection.ts';
import { type ServiceContext, timestamp } from '../../context.ts';
import type { RunStarting } from '../../runs/accept-run.ts';
import { getWorkflowRecord } from '../../workflows/workflow-record.ts';

export const COMPLETIONS_KEPT_MS = 30 * 86_400_000;

/** Before its run is accepted: a caller who got 202 is told of the end, also after a crash. */
export async function expectCompletion({ store, workspaceId, now }: RunStarting, runId: string, workflowId: string, url: string): Promise<void> {
  await store.insert(completions, {
    id: runId,
    workspaceId,
    workflowId,
    url,
    status: 'waiting',
    attempts: 0,
    dueAt: null,
    last: null,
    createdAt: now().toISOString(),
    revision: 1,
  });
}

export async function listCompletions(
  context: ServiceContext,
  workflowId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<Completion>> {
  await getWorkflowRecord(context, workflowId);
  const page = await context.store.find(completions, {
    where: { workflowId },
    order: { field: 'createdAt', descending: true },
    limit,
    ...(cursor !== undefined && { cursor }),
  });
  return { ...page, items: page.items.map(viewOf) };
}

const viewOf = ({ id, url, status, attempts, dueAt, last, createdAt }: CompletionRecord): Completion => ({
  runId: id,
  url,
  status,
  attempts,
  dueAt,
  last,
  createdAt,
});

/** Makes an attempt due now, with all retries after it. Throws `not-found`. */
export async function resendCompletion(context: ServiceContext, workflowId: string, runId: string): Promise<Completion> {
  for (;;) {
    const known = await context.store.get(completions, runId);
    if (known?.workflowId !== workflowId || known.status === 'waiting')
      throw new AppError('not-found', 'No completion to send again. Completions are listed for 30 days, and sent once their run has ended.');
    const changed = await changeCompletion(context.store, known, { status: 'sending', attempts: 0, dueAt: timestamp(context) });
    if (!changed) continue;
    context.changed.triggers(context.workspaceId);
    return viewOf(changed);
  }
}

/** Undefined if it was changed in the meantime. */
export const changeCompletion = (
  store: WorkspaceStore,
  { id, revision }: CompletionRecord,
  changes: Partial<CompletionRecord>,
): Promise<CompletionRecord | undefined> => store.update(completions, id, { ...changes, revision: revision + 1 }, { equal: { revision } });

/** Deletes calls older than 30 days whose run has ended, or was never accepted. */
export async function forgetOldCompletions(store: WorkspaceStore, now: Date, stop: AbortSignal): Promise<void> {
  const to = new Date(now.getTime() - COMPLETIONS_KEPT_MS).toISOString();
  let cursor: string | undefined;
  do {
    const query = { range: { field: 'createdAt', to }, order: { field: 'createdAt' }, limit: 500, ...(cursor !== undefined && { cursor }) };
    const page = await store.find(completions, query);
    for (const { id, status } of page.items) {
      if (stop.aborted) return;
      if (status !== 'waiting' || !(await store.get(runs, id))) await store.delete(completions, id);
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}
