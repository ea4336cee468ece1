import { LOST_MS } from '../engine/recovery/heartbeat.ts';
import { type ProcessRecord, processes } from '../store/collections.ts';
import { findAll } from '../store/find-all.ts';
import { insertIfAbsent } from '../store/insert-if-absent.ts';
import { INSTALLATION } from '../store/workspaces.ts';
import type { SharedStore } from './shared-store.ts';

/*
 * The processes of an installation, as this one sees them (S41). Owns: the heartbeat of this process, and who is dead.
 * Invariants: 1. A process is dead only if this one saw no new heartbeat of it for 10 s of its own monotonic time, or its record is gone.
 * 2. Clocks of two processes are never compared.
 */

const DEAD_MS = 10_000;

/** What a process says about itself. */
export type ProcessFacts = Pick<ProcessRecord, 'role' | 'host' | 'pid' | 'versions' | 'slots'>;

export interface ClusterParts {
  readonly store: SharedStore;
  readonly id: string;
  readonly facts: ProcessFacts;
  /** How many runs it drives. */
  readonly driving: () => number;
  readonly now: () => Date;
  /** Monotonic. */
  readonly elapsed: () => number;
}

export type ClusterProcesses = ReturnType<typeof clusterProcesses>;

export function clusterProcesses({ store, id, facts, driving, now, elapsed }: ClusterParts) {
  const installation = store.in(INSTALLATION);
  const startedAt = now().toISOString();
  let beat = 0;
  let renewedAt = Number.NEGATIVE_INFINITY;
  let state: ProcessRecord['state'] = 'live';
  let address: string | null = null;
  /** When each beat was first seen. */
  let seen = new Map<string, { readonly record: ProcessRecord; readonly at: number }>();

  const own = (): ProcessRecord => ({ id, workspaceId: INSTALLATION, startedAt, marked: null, beat, ...facts, address, state, driving: driving() });

  /** Also after others considered this process dead and removed its record. */
  const renew = async (): Promise<void> => {
    const began = elapsed();
    beat++;
    const { marked: _, ...changes } = own();
    if (!(await installation.update(processes, id, changes))) await insertIfAbsent(installation, processes, own());
    renewedAt = began;
  };
  const isSilent = ({ at }: { readonly at: number }): boolean => elapsed() - at >= DEAD_MS;
  const dead = (): ProcessRecord[] => [...seen.values()].filter((known) => known.record.id !== id && isSilent(known)).map(({ record }) => record);
  const look = async (): Promise<void> => {
    const records = await findAll(installation, processes);
    const at = elapsed();
    seen = new Map(
      records.map((record) => {
        const known = seen.get(record.id);
        return [record.id, known?.record.beat === record.beat ? { record, at: known?.at ?? at } : { record, at }];
      }),
    );
  };

  return {
    id,
    renew,
    enter: () => renew().then(look),
    /** The address it listens on, shown to operators. */
    listensOn: (url: string): void => {
      address = url;
    },
    holds: () => elapsed() - renewedAt < LOST_MS,
    leave: async (): Promise<void> => void (await installation.delete(processes, id)),
    mark: async (runId: string | null): Promise<void> => void (await installation.update(processes, id, { marked: runId })),
    /** Others see that this process claims no more runs. */
    drain: async (): Promise<void> => {
      state = 'draining';
      await installation.update(processes, id, { state });
    },
    isDraining: () => state === 'draining',
    /** Reads the heartbeats. True if a process died or left since the last time. */
    watch: async (): Promise<boolean> => {
      const before = new Set([...seen.values()].filter((known) => !isSilent(known)).map(({ record }) => record.id));
      await look();
      const gone = new Set(dead().map((record) => record.id));
      return [...before].some((other) => other !== id && (!seen.has(other) || gone.has(other)));
    },
    /** Processes that live, as last read. */
    live: (): readonly ProcessRecord[] => [...seen.values()].filter((known) => known.record.id === id || !isSilent(known)).map(({ record }) => record),
    isGone: async (other: string): Promise<boolean> => {
      if (other === id) return false;
      if (!seen.has(other)) await look();
      const known = seen.get(other);
      return known === undefined || isSilent(known);
    },
    /** The dead process that had this run on probation. */
    markerOf: (runId: string): string | undefined => dead().find(({ marked }) => marked === runId)?.id,
    /** Removes the mark from dead processes. */
    unmark: async (runId: string): Promise<void> => {
      for (const { id: other, marked } of dead()) if (marked === runId) await installation.update(processes, other, { marked: null }, { equal: { marked } });
    },
    /** Removes dead processes that own nothing, by the owners of runs. A process that was only silent adds its record again. */
    bury: async (owners: ReadonlyMap<string, string>): Promise<void> => {
      const owning = new Set(owners.values());
      for (const { id: other, marked } of dead())
        if (!owning.has(other) && (marked === null || !owners.has(marked))) await installation.delete(processes, other);
    },
  };
}
