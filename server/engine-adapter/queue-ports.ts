import { isAppError } from '@switchyard/shared/errors.ts';
import { queueKey, readQueueKey } from '@switchyard/shared/run/queue-key.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import type { Ownership } from '../engine/ownership.ts';
import type { QueueClaim, QueuePorts } from '../engine/queue/queue-ports.ts';
import type { SharedRecords, SharedStore } from '../ownership/shared-store.ts';
import type { KillBoard } from '../services/kill-switches/kill-board.ts';
import type { QueueBoard } from '../services/queue/queue-board.ts';
import { runToRead } from '../services/queue/run-needs.ts';
import { type RunRecord, runs } from '../store/collections.ts';
import { findAll } from '../store/find-all.ts';
import { queueSettings } from '../store/queue-collections.ts';
import { freeSlot, slotsOf } from '../store/run-placement.ts';
import type { Workspaces } from '../store/workspaces.ts';

export interface QueueParts {
  readonly store: SharedStore;
  readonly workspaces: Workspaces;
  readonly ownership: Pick<Ownership, 'adopt' | 'shared' | 'processId' | 'reads'>;
  readonly queues: Pick<QueueBoard, 'limitsOf'>;
  readonly kills: Pick<KillBoard, 'isHeld'>;
}

/** How many other slots a claim tries after another process took the one it chose. */
const MOST_ATTEMPTS = 5;

/** The queue in the store (S46): a run in it has a key in `queue`, and a driven run of a limited workflow has one in `slot`. */
export function queuePorts({ store, workspaces, ownership, queues, kills }: QueueParts): QueuePorts {
  const { adopt, shared, processId, reads } = ownership;
  const isMine = { ...(shared && { owner: processId }) };
  return {
    isLimited: (run) => !run.standIns && queues.limitsOf(run).concurrency !== null,
    workspaces,
    page: async (workspaceId, { from, to }, limit) => {
      const { items } = await store.in(workspaceId).find(runs, { range: { field: 'queue', from, to }, order: { field: 'queue' }, fields: ['queue'], limit });
      return items.flatMap(({ queue }) => queue ?? []);
    },
    find: async (runId) => {
      for (const workspaceId of await workspaces()) {
        const record = await store.in(workspaceId).get(runs, runId);
        if (record && !(await reads(runToRead(record)))) return 'unreadable';
        if (record?.queue) return 'queued';
      }
      return 'elsewhere';
    },
    claim: async (workspaceId, key) => {
      const { runId, workflowId } = readQueueKey(key);
      const here = store.in(workspaceId);
      const record = await here.get(runs, runId);
      if (record?.queue !== key) return 'gone';
      if (record.heldSince !== undefined || kills.isHeld(record)) return 'held';
      if (!(await reads(runToRead(record)))) return 'unreadable';
      const epoch = (record.ownerEpoch ?? 0) + 1;
      const claimed = { queue: null, ...(shared && { owner: processId, ownerEpoch: epoch }) };
      const known = queues.limitsOf({ workspaceId, workflowId });
      // A limit changed by another process may be a few seconds old here.
      const limits = shared && known.concurrency !== null ? await here.get(queueSettings, workflowId) : known;
      const outcome = await claimWith(here, key, { claimed, record, isMine, limit: record.standIns ? null : (limits?.concurrency ?? null) });
      if (shared && outcome === 'claimed') adopt({ runId, workspaceId }, { epoch, isNew: epoch === 1 && record.seq === 0 && record.status === 'queued' });
      return outcome;
    },
    enqueue: async ({ workspaceId, runId }) => {
      const here = store.in(workspaceId);
      const record = await here.get(runs, runId);
      if (!record || record.queue || isEnded(record.status)) return;
      const { priority } = queues.limitsOf(record);
      await here.update(runs, runId, { queue: queueKey(record, priority), ...(shared && { owner: null }) }, { equal: { queue: null, slot: null, ...isMine } });
    },
    dequeue: async ({ workspaceId, runId }) => {
      const here = store.in(workspaceId);
      const queue = (await here.get(runs, runId))?.queue;
      if (!queue) return true;
      if (await here.update(runs, runId, { queue: null, ...isMine }, { equal: { queue } })) return true;
      return isTaken(await here.get(runs, runId), null, isMine);
    },
    release: async ({ workspaceId, runId, slot }) => {
      if (slot !== undefined) await store.in(workspaceId).update(runs, runId, { slot: null }, { equal: { slot, ...isMine } });
    },
    holders: async () => {
      const found = await Promise.all(
        (await workspaces()).map((id) => findAll(store.in(id), runs, { range: { field: 'slot', from: '' }, fields: ['slot'], order: { field: 'slot' } })),
      );
      return found.flat().map(({ id }) => id);
    },
  };
}

interface Attempt {
  readonly claimed: Partial<RunRecord>;
  readonly record: RunRecord;
  readonly isMine: { readonly owner?: string };
  readonly limit: number | null;
}

async function claimWith(store: SharedRecords, queue: string, { claimed, record: { id, workflowId }, isMine, limit }: Attempt): Promise<QueueClaim> {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    const taken = limit === null ? [] : (await store.find(runs, { range: slotsOf(workflowId), fields: ['slot'], order: { field: 'slot' }, limit })).items;
    const slot =
      limit === null
        ? null
        : freeSlot(
            workflowId,
            limit,
            taken.map((run) => run.slot),
          );
    if (slot === undefined) return 'full';
    try {
      if (await store.update(runs, id, { ...claimed, slot }, { equal: { queue } })) return 'claimed';
      return isTaken(await store.get(runs, id), slot, isMine) ? 'claimed' : 'gone';
    } catch (error) {
      // Another process took the slot.
      if (!isAppError(error, 'already-exists')) throw error;
    }
  }
  return 'full';
}

/** An update whose acknowledgment was lost is repeated, and then finds that it succeeded. */
const isTaken = (record: RunRecord | undefined, slot: string | null, { owner }: { readonly owner?: string }): boolean =>
  record !== undefined && !record.queue && (record.slot ?? null) === slot && (owner === undefined || record.owner === owner);
