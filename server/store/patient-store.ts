import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Store, WorkspaceStore } from './port.ts';

/** How long to wait before each next try; the last one for all after it. */
const WAITS_MS = [50, 200, 500, 1_000, 2_000];

/**
 * A store for work that nobody waits for at a desk: where the database is away, it asks again until it is back instead of
 * failing. `append` is left as it is, since its caller must see for itself whether a first try was written after all.
 */
export const patientStore = (store: Store): Store => ({
  ...store,
  in: (workspaceId) => {
    const workspace = store.in(workspaceId);
    return {
      insert: (collection, record) => patiently(() => workspace.insert(collection, record)),
      get: (collection, id) => patiently(() => workspace.get(collection, id)),
      find: (collection, query) => patiently(() => workspace.find(collection, query)),
      update: (collection, id, changes, expected) => patiently(() => workspace.update(collection, id, changes, expected)),
      delete: (collection, id) => patiently(() => workspace.delete(collection, id)),
      append: (row, followUp) => workspace.append(row, followUp),
      readJournal: (runId, fromSeq, limit) => patiently(() => workspace.readJournal(runId, fromSeq, limit)),
    } satisfies WorkspaceStore;
  },
});

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (thrown) {
      if (!(thrown instanceof AppError && thrown.code === 'not-ready')) throw thrown;
      await pause(WAITS_MS[Math.min(tries, WAITS_MS.length - 1)]);
    }
  }
}
