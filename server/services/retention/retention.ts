import { setImmediate as othersFirst } from 'node:timers/promises';
import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import { DEFAULT_RETENTION, type dryRunRetention as dryRunContract, type Retention } from '@switchyard/shared/contracts/policies.ts';
import { type RunRecord, runs, workflows } from '../../store/collections.ts';
import { experiments } from '../../store/evaluation/experiment-collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { policies, type RetentionProgressRecord, removedRuns, retentionProgress } from '../../store/policy-collections.ts';
import type { Collection, Page, Query, StoredRecord, WorkspaceStore } from '../../store/port.ts';
import type { ServiceContext } from '../context.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { type RemovalParts, removeJournal, removePayloads, removeRun } from './remove-payloads.ts';

/*
 * Removes the data of runs by age (S66a): payloads, then journals, then runs. Owns how far each workflow is. Invariants: 1. A run keeps
 * everything until its time after its end has passed, however long it took; later passes look at it again. 2. A workflow that was deleted for
 * good keeps its last settings here.
 */

const DAY_MS = 86_400_000;
const PAGE = 200;
const BEGINNING = new Date(0).toISOString();

/** How many runs went through each stage. */
export interface RemovedRuns {
  payloads: number;
  journals: number;
  summaries: number;
}

interface Stage {
  readonly name: keyof RemovedRuns;
  readonly days: keyof Retention;
  readonly mark: 'payloadsTo' | 'journalsTo' | 'summariesTo';
  /** Set in a run that has gone through this stage. */
  readonly done?: 'payloadsRemovedAt' | 'journalRemovedAt';
  readonly remove: (parts: RemovalParts, run: RunRecord, now: Date) => Promise<boolean>;
}

const STAGES: readonly Stage[] = [
  { name: 'summaries', days: 'summaryDays', mark: 'summariesTo', remove: removeRun },
  { name: 'journals', days: 'journalDays', mark: 'journalsTo', done: 'journalRemovedAt', remove: removeJournal },
  { name: 'payloads', days: 'payloadDays', mark: 'payloadsTo', done: 'payloadsRemovedAt', remove: removePayloads },
];

/** One pass over all workflows of a workspace. Ends early on `stop`. Returns how many runs it removed something of. */
export async function applyRetention(parts: RemovalParts, workspaceId: string, now: Date, stop: AbortSignal): Promise<RemovedRuns> {
  const { store } = parts;
  const removed: RemovedRuns = { payloads: 0, journals: 0, summaries: 0 };
  const begin = async (id: string): Promise<void> => {
    const none = { payloadsTo: BEGINNING, journalsTo: BEGINNING, summariesTo: BEGINNING };
    await insertIfAbsent(store, retentionProgress, { id, workspaceId, retention: DEFAULT_RETENTION, ...none });
  };
  for await (const { id } of every(store, workflows, { fields: ['updatedAt'] })) await begin(id);
  // Experiments on prompts and routes have runs of their own.
  for await (const { id, runsOf } of every(store, experiments, {})) if (runsOf.id === id) await begin(id);
  for await (const progress of every(store, retentionProgress, {})) {
    if (stop.aborted) break;
    await removeOld(parts, await withCurrentSettings(store, progress), { now, stop, removed });
  }
  return removed;
}

/** How long a run that was removed is known to have been one. */
const REMOVED_KNOWN_DAYS = 400;

/** Forgets runs that were removed long ago. */
export async function forgetRemovedRuns(store: WorkspaceStore, now: Date, stop: AbortSignal): Promise<void> {
  const to = new Date(now.getTime() - REMOVED_KNOWN_DAYS * DAY_MS).toISOString();
  for (;;) {
    const { items } = await store.find(removedRuns, { range: { field: 'at', to }, order: { field: 'at' }, limit: PAGE });
    for (const { id } of items) await store.delete(removedRuns, id);
    if (items.length < PAGE || stop.aborted) return;
  }
}

/** How long a pass that was asked for may take. */
const ASKED_MS = 20_000;

/** A pass at once. It ends early after a while, and the next one removes the rest. */
export async function applyRetentionNow({ store, workspaceId, policies: { secrets }, now }: ServiceContext): Promise<RemovedRuns & { done: boolean }> {
  const stop = AbortSignal.timeout(ASKED_MS);
  const removed = await applyRetention({ store, secrets }, workspaceId, now(), stop);
  if (Object.values(removed).some((count) => count > 0)) await store.forgetRemoved();
  return { ...removed, done: !stop.aborted };
}

interface Pass {
  readonly now: Date;
  readonly stop: AbortSignal;
  readonly removed: RemovedRuns;
}

async function withCurrentSettings(store: WorkspaceStore, progress: RetentionProgressRecord): Promise<RetentionProgressRecord> {
  const [policy, workflow] = await Promise.all([store.get(policies, progress.id), store.get(workflows, progress.id)]);
  if (!policy && !workflow) return progress;
  const retention = { ...DEFAULT_RETENTION, ...policy?.content.retention };
  await store.update(retentionProgress, progress.id, { retention });
  return { ...progress, retention };
}

async function removeOld(parts: RemovalParts, progress: RetentionProgressRecord, { now, stop, removed }: Pass): Promise<void> {
  const { store } = parts;
  for (const { name, days, mark, done, remove } of STAGES) {
    const to = cutoff(progress.retention[days], now);
    if (to === undefined || to <= progress[mark]) continue;
    let oldestKept: string | undefined;
    for await (const { id, createdAt } of runsUntil(store, progress.id, progress[mark], to)) {
      if (stop.aborted) return;
      const run = await store.get(runs, id);
      const isLeft = run && (done === undefined || run[done] === undefined);
      const isRemoved = isLeft && endedBy(run, to) && (await remove(parts, run, now));
      if (isRemoved) removed[name]++;
      else if (isLeft) oldestKept ??= createdAt;
      await othersFirst();
    }
    await store.update(retentionProgress, progress.id, { [mark]: oldestKept ?? to });
  }
}

const cutoff = (days: number | null, now: Date): string | undefined => (days === null ? undefined : new Date(now.getTime() - days * DAY_MS).toISOString());

const endedBy = ({ endedAt }: Pick<RunRecord, 'endedAt'>, time: string): boolean => endedAt !== null && endedAt <= time;

/** Runs of a workflow that were accepted in this time, oldest first: their ID, and when they were accepted and ended. */
const runsUntil = (store: WorkspaceStore, workflowId: string, from: string, to: string) =>
  every(store, runs, { where: { workflowId }, range: { field: 'createdAt', from, to }, order: { field: 'createdAt' }, fields: ['createdAt', 'endedAt'] });

/** Counts the runs that the settings would affect now. */
export async function dryRunRetention(context: ServiceContext, workflowId: string, given: Retention | undefined): Promise<ReplyOf<typeof dryRunContract>> {
  const { store } = context;
  await getWorkflowRecord(context, workflowId);
  const retention = given ?? { ...DEFAULT_RETENTION, ...(await store.get(policies, workflowId))?.content.retention };
  const affected = { payloads: { ...NONE }, journals: { ...NONE }, summaries: { ...NONE } };
  const now = context.now();
  const [payloads, journals, summaries] = [cutoff(retention.payloadDays, now), cutoff(retention.journalDays, now), cutoff(retention.summaryDays, now)];
  const latest = payloads ?? journals ?? summaries;
  if (latest === undefined) return affected;
  for await (const { id, createdAt, endedAt } of runsUntil(store, workflowId, BEGINNING, latest)) {
    const hasPassed = (limit: string | undefined) => limit !== undefined && endedBy({ endedAt }, limit);
    if (!hasPassed(latest)) continue;
    // A run loses everything at once if several limits have passed.
    const stage = hasPassed(summaries) ? 'summaries' : hasPassed(journals) ? 'journals' : 'payloads';
    const run = stage === 'summaries' ? undefined : await store.get(runs, id);
    if (stage === 'journals' ? run?.journalRemovedAt !== undefined : run?.payloadsRemovedAt !== undefined) continue;
    affected[stage] = { runs: affected[stage].runs + 1, oldest: affected[stage].oldest ?? createdAt };
    await othersFirst();
  }
  return affected;
}

const NONE: { readonly runs: number; readonly oldest: string | null } = { runs: 0, oldest: null };

async function* every<T extends StoredRecord>(store: WorkspaceStore, collection: Collection<T>, query: Query): AsyncGenerator<T> {
  let cursor: string | null = null;
  do {
    const page: Page<T> = await store.find(collection, { limit: PAGE, ...query, ...(cursor !== null && { cursor }) });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
