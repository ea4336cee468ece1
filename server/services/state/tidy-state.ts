import { isEnded } from '@switchyard/shared/run/state.ts';
import { runs } from '../../store/collections.ts';
import type { Collection, StoredRecord, WorkspaceStore } from '../../store/port.ts';
import { stateChanges, stateEntries } from '../../store/state/state-collections.ts';
import { forgetDeleted, forgetExpired } from './write-state.ts';

/* Deletes what stored state no longer needs: changes that no run can repeat, and entries that have expired or were deleted. */

/** A process that lost a run may still be about to write. It is fenced long before. */
const KEPT_MS = 3_600_000;
const PAGE = 200;

export async function tidyState(store: WorkspaceStore, now: Date, stop: AbortSignal): Promise<void> {
  const to = new Date(now.getTime() - KEPT_MS).toISOString();
  await each(store, stateChanges, { field: 'at', to }, stop, async ({ id, runId }) => {
    const run = runId === null ? undefined : await store.get(runs, runId);
    if (!run || isEnded(run.status)) await store.delete(stateChanges, id);
  });
  await each(store, stateEntries, { field: 'deletedAt', to }, stop, ({ id }) => forgetDeleted(store, id));
  await each(store, stateEntries, { field: 'expiresAt', to }, stop, (entry) => forgetExpired(store, entry));
}

async function each<T extends StoredRecord>(
  store: WorkspaceStore,
  collection: Collection<T>,
  range: { readonly field: string; readonly to: string },
  stop: AbortSignal,
  work: (record: T) => Promise<void>,
): Promise<void> {
  let cursor: string | null = null;
  do {
    const page: { items: T[]; nextCursor: string | null } = await store.find(collection, {
      range: { ...range, from: '0' },
      order: { field: range.field },
      limit: PAGE,
      ...(cursor !== null && { cursor }),
    });
    for (const record of page.items) {
      if (stop.aborted) return;
      await work(record);
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
}
