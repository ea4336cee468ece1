import { DEFAULT_WORKSPACE, processes } from '../store/collections.ts';
import type { Store } from '../store/port.ts';

/** One record per live process; a clean stop deletes it. */
export interface ProcessRecords {
  all(): Promise<readonly { readonly id: string; readonly marked: string | null }[]>;
  add(id: string): Promise<void>;
  mark(id: string, runId: string | null): Promise<void>;
  remove(id: string): Promise<void>;
}

export function storedProcesses(store: Store, now: () => Date): ProcessRecords {
  const workspace = store.in(DEFAULT_WORKSPACE);
  return {
    all: async () => (await workspace.find(processes)).items,
    add: (id) => workspace.insert(processes, { id, workspaceId: DEFAULT_WORKSPACE, startedAt: now().toISOString(), marked: null }),
    mark: async (id, runId) => void (await workspace.update(processes, id, { marked: runId })),
    remove: async (id) => void (await workspace.delete(processes, id)),
  };
}
