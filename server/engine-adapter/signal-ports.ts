import { readActor } from '@switchyard/shared/run/actor.ts';
import type { EnginePorts } from '../engine/ports.ts';
import { signals } from '../store/collections.ts';
import { findAll } from '../store/find-all.ts';
import { insertIfAbsent } from '../store/insert-if-absent.ts';
import type { Store } from '../store/port.ts';

/** External signals waiting to be added to a journal (S17). */
export function signalPorts(store: Store): Pick<EnginePorts, 'pendingSignals' | 'insertSignal' | 'markMoved'> {
  return {
    pendingSignals: async ({ workspaceId, runId }) => {
      // All: nothing reads the rest later. A run has at most one for each of its waits.
      const items = await findAll(store.in(workspaceId), signals, { where: { runId, moved: 0 } });
      return items.sort((a, b) => (a.at < b.at ? -1 : 1)).map((signal) => ({ ...signal, actor: readActor(signal.actor) }));
    },
    insertSignal: async ({ workspaceId }, signal) => {
      return insertIfAbsent(store.in(workspaceId), signals, { ...signal, workspaceId, at: new Date().toISOString(), moved: 0 });
    },
    markMoved: async ({ workspaceId }, ids) => {
      await Promise.all(ids.map((id) => store.in(workspaceId).update(signals, id, { moved: 1 })));
    },
  };
}
