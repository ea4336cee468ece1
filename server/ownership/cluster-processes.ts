import { randomUUID } from 'node:crypto';
import { LOST_MS } from '../engine/recovery/heartbeat.ts';
import { type ProcessRecord, processes } from '../store/collections.ts';
import { findAll } from '../store/find-all.ts';
import { insertIfAbsent } from '../store/insert-if-absent.ts';
import { INSTALLATION } from '../store/workspaces.ts';
import type { SharedRecords, SharedStore } from './shared-store.ts';

/*
 * The processes of an installation, as this one sees them (S41). Owns: the heartbeat of this process, who is dead, and whether another one
 * used a control: a kill switch, a pause, or the end of a session or token (S42). All of it is one read, because even idle processes repeat it.
 * Invariants: 1. A process is dead only if this one saw no new heartbeat of it for 10 s of its own monotonic time, or its record is gone.
 * 2. Clocks of two processes are never compared. 3. If a look reports no use of a control, every use before it began has been reported.
 */

const DEAD_MS = 10_000;

/** What a process says about itself. */
export type ProcessFacts = Pick<ProcessRecord, 'role' | 'host' | 'pid' | 'versions' | 'slots'>;

/** The address it listens on, how many runs it drives, and how it is doing. */
type ProcessFigures = () => Pick<ProcessRecord, 'address' | 'driving' | 'activity' | 'redisMark'>;

/** Called after each look at the processes, which began at `began`: whether another process used a control since the previous look. */
type ControlListener = (isUsed: boolean, began: number) => void;

export interface ClusterParts {
  readonly store: SharedStore;
  readonly id: string;
  readonly facts: ProcessFacts;
  readonly now: () => Date;
  /** Monotonic. */
  readonly elapsed: () => number;
}

export type ClusterProcesses = ReturnType<typeof clusterProcesses>;

export function clusterProcesses({ store, id, facts, now, elapsed }: ClusterParts) {
  const installation = store.in(INSTALLATION);
  const startedAt = now().toISOString();
  const others = watchProcesses({ installation, id, elapsed });
  let beat = 0;
  let renewedAt = Number.NEGATIVE_INFINITY;
  let state: ProcessRecord['state'] = 'live';
  let control: string | null = null;
  let shown: ProcessFigures = () => ({ address: null, driving: 0 });

  const figures = () => ({ beat, ...facts, state, ...shown() });
  /** Works even after others considered this process dead and removed its record. */
  const renew = async (): Promise<void> => {
    const began = elapsed();
    beat++;
    if (!(await installation.update(processes, id, figures())))
      await insertIfAbsent(installation, processes, { id, workspaceId: INSTALLATION, startedAt, marked: null, control, ...figures() });
    renewedAt = began;
  };
  /** A new value each time, so no two uses look alike. The process may have no record yet, or no longer. */
  const useControl = async (): Promise<void> => {
    control = randomUUID();
    while (!(await installation.update(processes, id, { control }))) await renew();
  };
  return {
    id,
    renew,
    useControl,
    ...others,
    enter: () => renew().then(others.look),
    /** Sets what operators see, read with each heartbeat. */
    show: (figures: ProcessFigures): void => {
      shown = figures;
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
    /** Whether this is the first of the live workers, which does the periodic jobs. Two may think so for a moment. */
    isFirst: (): boolean => state === 'live' && others.live().every((other) => other.role === 'web' || other.state !== 'live' || other.id >= id),
  };
}

interface WatchParts extends Pick<ClusterParts, 'id' | 'elapsed'> {
  readonly installation: SharedRecords;
}

/** The heartbeats of other processes. */
function watchProcesses({ installation, id, elapsed }: WatchParts) {
  /** When each beat was first seen. */
  let seen = new Map<string, { readonly record: ProcessRecord; readonly at: number }>();
  /** When the last look began. A process that was paused itself looks again before it considers others dead. */
  let lookedAt = Number.NEGATIVE_INFINITY;
  const listeners: ControlListener[] = [];
  const isLive = ({ record, at }: { readonly record: ProcessRecord; readonly at: number }): boolean => record.id === id || lookedAt - at < DEAD_MS;
  const live = (): readonly ProcessRecord[] => [...seen.values()].filter(isLive).map(({ record }) => record);
  const dead = (): readonly ProcessRecord[] => [...seen.values()].filter((known) => !isLive(known)).map(({ record }) => record);
  /** A process may have used a control just before it left. */
  const isControlUsed = (records: readonly ProcessRecord[]): boolean => {
    const controls = new Map(records.map((record) => [record.id, record.control ?? null]));
    const hasLeft = [...seen.keys()].some((other) => other !== id && !controls.has(other));
    return hasLeft || [...controls].some(([other, control]) => other !== id && control !== (seen.get(other)?.record.control ?? null));
  };
  const look = async (): Promise<void> => {
    const began = elapsed();
    const records = await findAll(installation, processes);
    const at = elapsed();
    const isUsed = lookedAt !== Number.NEGATIVE_INFINITY && isControlUsed(records);
    seen = new Map(
      records.map((record) => {
        const known = seen.get(record.id);
        return [record.id, { record, at: known && known.record.beat === record.beat ? known.at : at }];
      }),
    );
    lookedAt = began;
    for (const listener of listeners) listener(isUsed, began);
  };
  return {
    look,
    onLook: (listener: ControlListener): void => void listeners.push(listener),
    /** All processes with a record, as last read. */
    known: (): readonly ProcessRecord[] => [...seen.values()].map(({ record }) => record),
    /** Live processes, as last read. */
    live,
    /** Processes that sent no heartbeat for 10 s, until others have taken over their runs. */
    dead,
    /** Reads the heartbeats. True if a process died or left since the last time. */
    watch: async (): Promise<boolean> => {
      const before = live();
      await look();
      const after = new Set(live().map((record) => record.id));
      return before.some((record) => !after.has(record.id));
    },
    isGone: async (other: string): Promise<boolean> => {
      if (!seen.has(other)) await look();
      const known = seen.get(other);
      return known === undefined || !isLive(known);
    },
    /** The dead process that had this run on probation. */
    markerOf: (runId: string): string | undefined => dead().find(({ marked }) => marked === runId)?.id,
    /** Removes the mark from dead processes. */
    unmark: async (runId: string): Promise<void> => {
      for (const { id: other, marked } of dead()) if (marked === runId) await installation.update(processes, other, { marked: null }, { equal: { marked } });
    },
    /** Removes dead processes that own no runs, given the owners of all runs. A process that was only silent adds its record again. */
    bury: async (owners: ReadonlyMap<string, string>): Promise<void> => {
      const owning = new Set(owners.values());
      for (const { id: other, marked } of dead())
        if (!owning.has(other) && (marked === null || !owners.has(marked))) await installation.delete(processes, other);
    },
  };
}
