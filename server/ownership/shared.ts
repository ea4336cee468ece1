import { type Priority, queueKey } from '@switchyard/shared/run/queue-key.ts';
import { isEnded, type RunStatus } from '@switchyard/shared/run/state.ts';
import type { Bus } from '../engine/bus.ts';
import type { Claim, OwnerChange, Ownership, QueuedClaim } from '../engine/ownership.ts';
import { runToRead } from '../services/queue/run-needs.ts';
import { type RunRecord, runs, signals } from '../store/collections.ts';
import { findAll } from '../store/find-all.ts';
import { unplaced } from '../store/run-placement.ts';
import type { Workspaces } from '../store/workspaces.ts';
import type { ClusterProcesses } from './cluster-processes.ts';
import type { SharedRecords, SharedStore } from './shared-store.ts';

/*
 * Ownership among several processes on one database (S41). The record of a run names its owner; every change of owner is a
 * compare-and-set on the owner and its epoch.
 * Invariants: 1. A run is never taken from a live owner. 2. A queued or running run has an owner or a place in the queue; one that waits or
 * has ended has neither, except while a process looks at it. 3. Messages only save time: `unowned` finds every run that must be driven and
 * is not queued; queueing.ts finds those. 4. A run that this version can’t read is never claimed. If its owner is dead, it keeps that
 * owner, so the process that takes it over knows about the crash.
 */

/** How many runs with pending signals one look returns. */
const SIGNALED_AT_ONCE = 1_000;

export interface SharedParts {
  readonly stores: SharedStore;
  readonly workspaces: Workspaces;
  readonly processes: ClusterProcesses;
  readonly bus: Bus;
  /** It drives the runs that it accepts. */
  readonly drivesNew: boolean;
  /** The priority of a run’s workflow. */
  readonly priorityOf: (run: Pick<RunRecord, 'workspaceId' | 'workflowId'>) => Priority;
  readonly reads: Ownership['reads'];
  readonly now: () => Date;
}

interface Held {
  readonly workspaceId: string;
  readonly epoch: number;
  /** Whether the record names this process. If not, ownership was given up because the run has ended. */
  isOwned: boolean;
  /** It came from the queue, and this process has not begun to drive it. */
  fromQueue?: QueuedClaim | undefined;
}

export function sharedOwnership(parts: SharedParts): Ownership {
  const { stores, workspaces, processes, bus, drivesNew, now } = parts;
  const me = processes.id;
  const holdings = createHoldings(parts);
  return {
    processId: me,
    shared: true,
    ownerOfNew: drivesNew ? me : null,
    adopt: holdings.adopt,
    withStatus: holdings.withStatus,
    claim: holdings.claim,
    release: holdings.release,
    reads: parts.reads,
    enter: processes.enter,
    renew: processes.renew,
    holds: processes.holds,
    watch: processes.watch,
    drain: processes.drain,
    mark: processes.mark,
    charged: processes.unmark,
    notify: (runId) => bus.publish({ kind: 'wake', runId }),
    leave: async () => {
      await holdings.released();
      await processes.leave();
    },
    unowned: async () => {
      const found = new Set<string>();
      const owners = new Map<string, string>();
      for (const workspaceId of await workspaces()) {
        const store = stores.in(workspaceId);
        for (const [runId, owner] of await ownersIn(store)) {
          owners.set(runId, owner);
          if (owner === me ? !holdings.has(runId) : await processes.isGone(owner)) found.add(runId);
        }
        for (const runId of await readyIn(store, now())) found.add(runId);
      }
      await processes.bury(owners);
      return processes.isDraining() ? [] : [...found];
    },
  };
}

/** The runs that this process claimed or accepted, and what it last wrote about their owner. */
function createHoldings({ stores, workspaces, processes, priorityOf, reads }: SharedParts) {
  const me = processes.id;
  const held = new Map<string, Held>();
  /** Pending releases, which the next claim of the run waits for. */
  const releasing = new Map<string, Promise<boolean>>();

  const claimRecord = async (store: SharedRecords, workspaceId: string, record: RunRecord): Promise<Claim> => {
    const { id, owner = null, ownerEpoch = 0 } = record;
    const hold = (epoch: number): Claim => {
      held.set(id, { workspaceId, epoch, isOwned: true });
      return owner === null || owner === me ? { kind: 'claimed' } : takenOver(processes.markerOf(id));
    };
    if (owner === me) return hold(ownerEpoch);
    if (owner !== null && !(await processes.isGone(owner))) return { kind: 'owned' };
    if (!(await reads(runToRead(record)))) return { kind: 'unreadable' };
    const changes = { owner: me, ownerEpoch: ownerEpoch + 1, queue: null };
    const claimed = await store.update(runs, id, changes, { equal: { owner, ownerEpoch: record.ownerEpoch ?? null } });
    // Otherwise, another process was faster.
    return claimed ? hold(ownerEpoch + 1) : { kind: 'owned' };
  };

  const giveUp = async (runId: string, { workspaceId, epoch }: Held): Promise<boolean> => {
    const store = stores.in(workspaceId);
    const record = await store.get(runs, runId);
    if (record?.owner !== me || record.ownerEpoch !== epoch) return false;
    // A run that a restore holds gets its place in the queue when it is released.
    const queue = record.heldSince === undefined ? queueKey(record, priorityOf(record)) : null;
    const place = unplaced(record.status) ?? { owner: null, queue, slot: null };
    const released = await store.update(runs, runId, place, { equal: { owner: me, ownerEpoch: epoch } });
    return released !== undefined && place.queue !== null;
  };

  return {
    has: (runId: string): boolean => held.has(runId),
    adopt: (...[{ runId, workspaceId }, fromQueue]: Parameters<Ownership['adopt']>): void =>
      void held.set(runId, { workspaceId, epoch: fromQueue?.epoch ?? 1, isOwned: true, fromQueue }),
    claim: async (runId: string): Promise<Claim> => {
      await releasing.get(runId);
      const known = held.get(runId);
      if (known?.fromQueue) {
        const { isNew } = known.fromQueue;
        known.fromQueue = undefined;
        return { kind: 'claimed', isNew };
      }
      for (const workspaceId of await workspaces()) {
        const store = stores.in(workspaceId);
        const record = await store.get(runs, runId);
        if (record) return claimRecord(store, workspaceId, record);
      }
      return { kind: 'claimed' };
    },
    withStatus: (runId: string, status: RunStatus): OwnerChange | undefined => {
      const known = held.get(runId);
      if (!known) return undefined;
      // The driver of a waiting run may still get a signal, so it gives up the run when it is done.
      if (isEnded(status)) known.isOwned = false;
      return { changes: (isEnded(status) && unplaced(status)) || {}, equal: { owner: me, ownerEpoch: known.epoch } };
    },
    release: (runId: string): Promise<boolean> => {
      const known = held.get(runId);
      held.delete(runId);
      if (!known?.isOwned) return Promise.resolve(false);
      const released = giveUp(runId, known).finally(() => releasing.delete(runId));
      releasing.set(runId, released);
      return released;
    },
    released: () => Promise.allSettled(releasing.values()),
  };
}

/** A run of a dead process. It may only be slow, so no crash is counted unless the run was on probation. */
const takenOver = (markedBy: string | undefined): Claim => ({
  kind: 'claimed',
  crash: { alone: false, certain: false, ...(markedBy !== undefined && { markedBy }) },
});

/** The owners of all runs that have one. There are at most as many such runs as slots. */
async function ownersIn(store: SharedRecords): Promise<[string, string][]> {
  const owned = await findAll(store, runs, { range: { field: 'owner', from: '' }, order: { field: 'owner' }, fields: ['owner'] });
  return owned.flatMap(({ id, owner }) => (owner ? [[id, owner] as [string, string]] : []));
}

/** Due runs without an owner, and runs with signals whose owner may have missed the message. */
async function readyIn(store: SharedRecords, now: Date): Promise<string[]> {
  const due = await findAll(store, runs, {
    range: { field: 'wakeAt', from: '', to: now.toISOString() },
    order: { field: 'wakeAt' },
    fields: ['wakeAt', 'status', 'owner'],
  });
  const { items: signaled } = await store.find(signals, { where: { moved: 0 }, order: { field: 'at' }, limit: SIGNALED_AT_ONCE });
  return [...due.filter(({ status, owner = null }) => owner === null && !isEnded(status)).map(({ id }) => id), ...signaled.map(({ runId }) => runId)];
}
