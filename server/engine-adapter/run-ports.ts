import { AppError } from '@switchyard/shared/errors.ts';
import { unpackFiles } from '@switchyard/shared/files/packed-files.ts';
import { readActor } from '@switchyard/shared/run/actor.ts';
import type { Ownership } from '../engine/ownership.ts';
import type { AcceptedRun, EnginePorts, RunSummaryData } from '../engine/ports.ts';
import { type WatchBoard, withEndMark } from '../services/triggers/ended/watch-board.ts';
import { graphs, type RunRecord, runs, settings, signals } from '../store/collections.ts';
import { findAll } from '../store/find-all.ts';
import type { Payloads } from '../store/payloads.ts';
import type { Collection, Page, Query, Store, StoredRecord } from '../store/port.ts';
import { pins } from '../store/registry-collections.ts';
import { unplaced } from '../store/run-placement.ts';
import type { Workspaces } from '../store/workspaces.ts';

type RunPorts = Pick<
  EnginePorts,
  'loadRun' | 'loadGraph' | 'loadPins' | 'append' | 'summarize' | 'beginTrial' | 'endTrial' | 'unfinishedRuns' | 'runsWithSignals'
>;

/** Runs, their graphs and journals. */
export function runPorts(
  store: Store,
  workspaces: Workspaces,
  payloads: Payloads,
  { ownership, watched }: { readonly ownership: Pick<Ownership, 'withStatus'>; readonly watched: Pick<WatchBoard, 'isWatched'> },
): RunPorts {
  return {
    loadRun: async (runId) => {
      for (const workspaceId of await workspaces()) {
        const record = await store.in(workspaceId).get(runs, runId);
        // Without its journal, a run that ended would look like a new one.
        if (record?.journalRemovedAt !== undefined) return undefined;
        if (record) return acceptedRun(record, payloads);
      }
      return undefined;
    },
    loadGraph: async ({ workspaceId, graphHash, runId }) => {
      const record = await store.in(workspaceId).get(graphs, graphHash);
      if (!record) throw new AppError('internal', `The graph of run ${runId} is missing.`);
      return record.graph;
    },
    loadPins: async ({ workspaceId, workflowId }) =>
      Object.fromEntries(
        (await findAll(store.in(workspaceId), pins, { where: { workflowId } })).map(({ nodeKey, output, port }) => [
          nodeKey,
          { output: unpackFiles(output), port },
        ]),
      ),
    append: (run, row, summary) => {
      const { workspaceId, runId, slot } = run;
      const update = summary && { collection: runs, id: runId, ...withPlace(ownership, { runId, slot }, withEndMark(watched, run, summary)) };
      return store.in(workspaceId).append({ runId, ...row }, update);
    },
    summarize: async (run, summary) => {
      const { workspaceId, runId } = run;
      await store.in(workspaceId).update(runs, runId, withEndMark(watched, run, summary), { below: { seq: summary.seq } });
    },
    beginTrial: async ({ workspaceId, graphHash }) => {
      try {
        await store.in(workspaceId).insert(settings, { id: trialId(graphHash), workspaceId, value: { at: new Date().toISOString() } });
        return true;
      } catch (thrown) {
        if (thrown instanceof AppError && thrown.code === 'already-exists') return false;
        throw thrown;
      }
    },
    endTrial: async ({ workspaceId, graphHash }) => {
      await store.in(workspaceId).delete(settings, trialId(graphHash));
    },
    unfinishedRuns: async () => {
      const found = (query: Query) =>
        all({ store, workspaces }, runs, { fields: ['status', 'wakeAt', 'heldSince'], limit: MANY, ...query }, ({ id, status, wakeAt, heldSince }) => ({
          runId: id,
          status,
          wakeAt,
          isHeld: Boolean(heldSince),
        }));
      const active = (await found({ where: { status: ['queued', 'running'], queue: null }, order: { field: 'createdAt' } })).filter(({ isHeld }) => !isHeld);
      // Skips queued runs and those that wait only for a person: there may be a million.
      const timed = await found({ range: { field: 'wakeAt', from: '' }, order: { field: 'wakeAt' } });
      return [...active, ...timed.filter(({ status }) => status === 'waiting')];
    },
    runsWithSignals: async () => [...new Set(await all({ store, workspaces }, signals, { where: { moved: 0 }, order: { field: 'at' } }, ({ runId }) => runId))],
  };
}

/**
 * The update that follows an append. A run that waits or has ended gives up its slot. If records name owners, it also returns whether this
 * process still owns the run.
 */
function withPlace(
  ownership: Pick<Ownership, 'withStatus'>,
  { runId, slot }: { readonly runId: string; readonly slot: string | undefined },
  summary: RunSummaryData,
) {
  const owner = ownership.withStatus(runId, summary.status);
  const freed = slot !== undefined && unplaced(summary.status) && { slot: null };
  return { changes: { ...summary, ...freed, ...owner?.changes }, expected: { below: { seq: summary.seq }, ...(owner && { equal: owner.equal }) } };
}

/** A graph whose pure part runs for the first time (pure-trials.ts). */
const trialId = (graphHash: string): string => `pure-trial:${graphHash}`;

/** Records in memory at once. Those of a run may contain 64 KB of input. */
const PAGE = 200;
/** The page size where only small fields are read. */
const MANY = 2_000;

/** Extracts a value from every record that a query finds, in all workspaces, page by page. */
export async function all<T extends StoredRecord, Wanted>(
  { store, workspaces }: { readonly store: Store; readonly workspaces: Workspaces },
  collection: Collection<T>,
  query: Query,
  wanted: (record: T) => Wanted,
): Promise<Wanted[]> {
  const found: Wanted[] = [];
  for (const workspaceId of await workspaces()) {
    let cursor: string | null = null;
    do {
      const page: Page<T> = await store.in(workspaceId).find(collection, { limit: PAGE, ...query, ...(cursor !== null && { cursor }) });
      found.push(...page.items.map(wanted));
      cursor = page.nextCursor;
    } while (cursor !== null);
  }
  return found;
}

async function acceptedRun(record: RunRecord, payloads: Payloads): Promise<AcceptedRun> {
  const { triggerData } = record;
  const body = await payloads.read(record.workspaceId, triggerData.body);
  return {
    runId: record.id,
    workspaceId: record.workspaceId,
    workflowId: record.workflowId,
    version: record.version,
    graphHash: record.graphHash,
    trigger: { ...triggerData, body },
    labels: record.labels,
    actor: readActor(record.actor),
    ...(record.prompts && { prompts: record.prompts }),
    ...(record.only !== undefined && { only: record.only }),
    ...(record.faults && { faults: record.faults }),
    ...(record.standIns && { standIns: record.standIns }),
    ...(record.queue && { queued: true }),
    ...(record.slot && { slot: record.slot }),
    ...(record.policy !== undefined && { policy: record.policy }),
    ...(record.heldSince !== undefined && { held: true }),
    ...(record.chain !== undefined && { chain: record.chain }),
    ...(record.notifies && { notifies: true as const }),
    ...(record.shadow !== undefined && { shadow: record.shadow }),
    ...(record.parent && { parent: record.parent }),
    ...(record.rerunOf !== null &&
      record.rerunFrom !== null && { rerun: { runId: record.rerunOf, from: record.rerunFrom, ...(record.rerunFailedItems && { failedItems: true }) } }),
  };
}
