import type { ErrorCode } from '@switchyard/shared/errors.ts';
import { type AlertCauseRecord, alertCauses, alertSettings } from '../../store/alert-collections.ts';
import { type RunRecord, runs } from '../../store/collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { newId } from '../ids.ts';

/*
 * Counts failed runs by cause: workflow, node, and error code. A run of a published version is marked (`uncountedSince`) in the write that
 * ends it, so a crash loses none. Invariants: 1. A run is counted by a compare-and-set of its cause, which also adds the run to `counted`.
 * 2. A run loses its mark before it leaves `counted`. So a process that reads the cause first and the mark second never counts a run twice,
 * whatever others do. 3. Runs are never added to a closed cause: a new one takes its place.
 */

export const HOUR_MS = 3_600_000;
/** Longer than an attempt takes. */
export const FIRST_RETRY_MS = 30_000;
const QUIET_MS = 24 * HOUR_MS;
const PAGE = 50;

/** True if nothing is left to report and no run has failed for 24 hours. */
export const isOver = ({ message, unsent, lastAt }: AlertCauseRecord, now: Date): boolean =>
  message === null && unsent === 0 && quietAt(lastAt) <= now.toISOString();

export const quietAt = (lastAt: string): string => new Date(Date.parse(lastAt) + QUIET_MS).toISOString();

/** Changes a cause if nothing else has. Undefined otherwise. */
export const changeCause = (
  store: WorkspaceStore,
  { id, revision }: AlertCauseRecord,
  changes: Partial<AlertCauseRecord>,
): Promise<AlertCauseRecord | undefined> => store.update(alertCauses, id, { ...changes, revision: revision + 1 }, { equal: { revision } });

/** Ends a cause, unless a failure was counted in the meantime. */
export async function closeCause(store: WorkspaceStore, cause: AlertCauseRecord): Promise<void> {
  if (cause.closed || (await changeCause(store, cause, { closed: true }))) await store.delete(alertCauses, cause.id);
}

/** Counts all marked runs. Those of workflows without alerts only lose their mark. */
export async function countFailures(store: WorkspaceStore, now: () => Date, stop: AbortSignal): Promise<void> {
  for (;;) {
    const { items } = await store.find(runs, { range: { field: 'uncountedSince', from: '' }, order: { field: 'uncountedSince' }, limit: PAGE });
    for (const [cause, failed] of Map.groupBy(items, causeOf)) {
      if (stop.aborted) return;
      const [{ workflowId }] = failed as [RunRecord];
      if ((await store.get(alertSettings, workflowId))?.enabled) await countInto(store, cause, failed, now());
      await clearMarks(store, failed);
    }
    if (items.length < PAGE) return;
  }
}

const nodeKeyOf = ({ error }: RunRecord): string => error?.nodeKey ?? '';
const codeOf = ({ error }: RunRecord): ErrorCode => error?.code ?? 'internal';
const causeOf = (run: RunRecord): string => `${run.workflowId}/${nodeKeyOf(run)}/${codeOf(run)}`;

/** All at once, so a store can write them in one commit. */
const clearMarks = (store: WorkspaceStore, marked: readonly RunRecord[]) =>
  Promise.all(marked.map(({ id }) => store.update(runs, id, { uncountedSince: null })));

async function countInto(store: WorkspaceStore, cause: string, failed: readonly RunRecord[], now: Date): Promise<void> {
  for (;;) {
    const known = (await store.find(alertCauses, { where: { cause }, limit: 1 })).items[0];
    if (known && (known.closed || isOver(known, now))) {
      await closeCause(store, known);
      continue;
    }
    await clearMarks(store, await stillMarked(store, known?.counted ?? []));
    const fresh = await stillMarked(
      store,
      failed.map(({ id }) => id),
    );
    if (fresh.length === 0) return;
    if (known ? await changeCause(store, known, withMore(known, fresh)) : await insertIfAbsent(store, alertCauses, newCause(cause, fresh, now))) return;
  }
}

async function stillMarked(store: WorkspaceStore, runIds: readonly string[]): Promise<RunRecord[]> {
  const current = await Promise.all(runIds.map((id) => store.get(runs, id)));
  return current.filter((run) => run !== undefined && run.uncountedSince !== null && run.uncountedSince !== undefined) as RunRecord[];
}

const sinceOf = ({ uncountedSince, createdAt }: RunRecord): string => uncountedSince ?? createdAt;

/** What counting these runs, oldest first, adds to a cause. */
function withMore(known: Pick<AlertCauseRecord, 'total' | 'unsent' | 'unsentSince' | 'message' | 'lastSentAt' | 'dueAt'>, fresh: readonly RunRecord[]) {
  const [first, last] = [fresh[0], fresh.at(-1)] as [RunRecord, RunRecord];
  const nextHour = known.lastSentAt === null ? known.dueAt : new Date(Date.parse(known.lastSentAt) + HOUR_MS).toISOString();
  return {
    total: known.total + fresh.length,
    unsent: known.unsent + fresh.length,
    unsentSince: known.unsent === 0 ? sinceOf(first) : known.unsentSince,
    lastAt: sinceOf(last),
    lastRunId: last.id,
    counted: fresh.map(({ id }) => id),
    dueAt: known.message ? known.dueAt : nextHour,
  };
}

function newCause(cause: string, fresh: readonly RunRecord[], now: Date): AlertCauseRecord {
  const [first] = fresh as [RunRecord];
  const none = { total: 0, unsent: 0, unsentSince: '', message: null, lastSentAt: null, dueAt: now.toISOString() };
  const { workspaceId, workflowId } = first;
  return {
    id: newId('alc', now),
    workspaceId,
    workflowId,
    cause,
    nodeKey: nodeKeyOf(first),
    code: codeOf(first),
    ...none,
    ...withMore(none, fresh),
    messages: 0,
    closed: false,
    revision: 1,
  };
}
