import { randomUUID } from 'node:crypto';
import type { Bus } from '../engine/bus.ts';
import type { Claim, Ownership } from '../engine/ownership.ts';
import type { ProcessRecords } from './process-records.ts';

/*
 * Ownership if only one process works on a store: every run is its own. A process record that exists at startup belongs to a process that
 * died, because the lock of the data directory (or the lease of the database) excludes a second live one.
 */

export function inProcessOwnership(records: ProcessRecords, bus: Bus, processId: string = randomUUID()): Ownership {
  /** Runs that were active when the previous process died. */
  let abandoned = new Set<string>();
  let alone = false;
  /** The dead process that left a mark, by marked run. */
  const marks = new Map<string, string>();

  return {
    processId,
    shared: false,
    ownerOfNew: processId,
    adopt: () => {},
    withStatus: () => undefined,
    watch: async () => false,
    drain: async () => {},
    renew: async () => {},
    holds: () => true,
    unowned: async () => [],
    reads: async () => true,
    notify: (runId) => bus.publish({ kind: 'wake', runId }),
    enter: async (runIds) => {
      const dead = await records.all();
      await records.add(processId);
      if (dead.length === 0) return;
      abandoned = new Set(runIds);
      for (const { id, marked } of dead) {
        if (marked !== null && abandoned.has(marked)) marks.set(marked, id);
        else await records.remove(id);
      }
      alone = abandoned.size === 1 && marks.size === 0;
    },
    leave: () => records.remove(processId),
    mark: (runId) => records.mark(processId, runId),
    charged: async (runId) => {
      const dead = marks.get(runId);
      marks.delete(runId);
      if (dead !== undefined) await records.remove(dead);
    },
    claim: async (runId): Promise<Claim> => {
      if (!abandoned.has(runId)) return { kind: 'claimed' };
      const markedBy = marks.get(runId);
      return { kind: 'claimed', crash: { alone, certain: true, ...(markedBy !== undefined && { markedBy }) } };
    },
    release: async (runId) => {
      abandoned.delete(runId);
      return false;
    },
  };
}
