import { processes } from '../store/collections.ts';
import type { Store } from '../store/port.ts';
import { INSTALLATION } from '../store/workspaces.ts';

/** One record per live process; a clean stop deletes it. */
export interface ProcessRecords {
  all(): Promise<readonly { readonly id: string; readonly marked: string | null }[]>;
  add(id: string): Promise<void>;
  mark(id: string, runId: string | null): Promise<void>;
  remove(id: string): Promise<void>;
}

export function storedProcesses(store: Store, now: () => Date): ProcessRecords {
  const installation = store.in(INSTALLATION);
  return {
    all: async () => (await installation.find(processes)).items,
    add: (id) => installation.insert(processes, { id, workspaceId: INSTALLATION, startedAt: now().toISOString(), marked: null }),
    mark: async (id, runId) => void (await installation.update(processes, id, { marked: runId })),
    remove: async (id) => void (await installation.delete(processes, id)),
  };
}
