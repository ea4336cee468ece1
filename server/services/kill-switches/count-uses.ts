import type { WorkspaceStore } from '../../store/port.ts';
import { killSwitches } from '../../store/registry-collections.ts';

const ATTEMPTS = 5;

/** Adds what a kill switch stopped to its record, unless it was undone. Other processes may add at the same time. */
export async function addUses(store: WorkspaceStore, id: string, { runs, calls }: { readonly runs: number; readonly calls: number }): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const record = await store.get(killSwitches, id);
    if (!record) return;
    const { refusedRuns, refusedCalls } = record;
    const changes = { refusedRuns: refusedRuns + runs, refusedCalls: refusedCalls + calls };
    if (await store.update(killSwitches, id, changes, { equal: { refusedRuns, refusedCalls } })) return;
  }
}
