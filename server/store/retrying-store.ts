import { setTimeout as pause } from 'node:timers/promises';
import { isAppError } from '@switchyard/shared/errors.ts';
import { storeRetryMs } from '@switchyard/shared/store-retry.ts';
import type { Store, WorkspaceStore } from './port.ts';

/**
 * Retries `not-ready` errors indefinitely, for background work. `append` and `insertRun` are not retried: their callers must check whether
 * the first attempt was written.
 */
export const retryingStore = (store: Store): Store => ({
  ...store,
  workspaceOf: (collection, field, value) => retrying(() => store.workspaceOf(collection, field, value)),
  in: (workspaceId) => {
    const workspace = store.in(workspaceId);
    return {
      insert: (collection, record) => retrying(() => workspace.insert(collection, record)),
      insertRun: (collection, record, head) => workspace.insertRun(collection, record, head),
      get: (collection, id) => retrying(() => workspace.get(collection, id)),
      find: (collection, query) => retrying(() => workspace.find(collection, query)),
      count: (collection, query, atMost) => retrying(() => workspace.count(collection, query, atMost)),
      update: (collection, id, changes, expected) => retrying(() => workspace.update(collection, id, changes, expected)),
      clearMarks: (collection, field, marked) => retrying(() => workspace.clearMarks(collection, field, marked)),
      delete: (collection, id, expected) => retrying(() => workspace.delete(collection, id, expected)),
      append: (row, followUp) => workspace.append(row, followUp),
      readJournal: (runId, fromSeq, limit) => retrying(() => workspace.readJournal(runId, fromSeq, limit)),
      rewriteJournal: (row) => retrying(() => workspace.rewriteJournal(row)),
      deleteJournal: (runId) => retrying(() => workspace.deleteJournal(runId)),
      forgetRemoved: () => retrying(() => workspace.forgetRemoved()),
    } satisfies WorkspaceStore;
  },
});

async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (thrown) {
      if (!isAppError(thrown, 'not-ready')) throw thrown;
      await pause(storeRetryMs(tries));
    }
  }
}
