import { hashesInEvent } from '@switchyard/shared/files/stored-value.ts';
import type { RunEvent, TriggerData } from '@switchyard/shared/run/events.ts';
import { type Keeps, REMOVED_ASSIGNEE, removed, removedError, removedTask } from '@switchyard/shared/run/removed.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { freezeHour } from '../../insight/roll-ups/frozen-roll-ups.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { type ReviewRecord, type RunRecord, reviews, runs, signals } from '../../store/collections.ts';
import { corrections } from '../../store/evaluation/correction-collections.ts';
import { feedback } from '../../store/evaluation/feedback-collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { looseBlobs } from '../../store/pieces/piece-collections.ts';
import { keptReplies, removedRuns, runKeys } from '../../store/policy-collections.ts';
import type { Collection, JournalRow, StoredRecord, WorkspaceStore } from '../../store/port.ts';
import { removedCorrection } from '../corrections/removed-correction.ts';
import { removeItemsOfRun } from '../datasets/removed-items.ts';
import { commitUnder, uncoveredEvent } from '../evidence/chain/commitments.ts';
import { leftOfInput, leftOfJournal } from '../evidence/left-of-chain.ts';
import { hasChain } from '../evidence/read-chain.ts';
import { createRowSeals, type RowSeals } from '../evidence/row-seals.ts';
import { removeRunSample } from '../exception-paths/remove-run-sample.ts';
import { removeResultsOfRun } from '../experiments/removed-results.ts';
import { openRow, openTrigger, type SealedEvent, sealOf } from '../policies/run-seal.ts';
import { deleteTokens } from '../policies/token-vault.ts';

/*
 * Removes the data of one run that has ended (S66a): its payloads, its journal, or everything. Owns what belongs to a run, and in which order
 * it is removed. Invariants: 1. Large values are marked as loose first, so the sweep deletes those that no other run refers to. 2. The run's
 * record changes last, so an interrupted removal is repeated. Repeating one changes nothing.
 */

const PAGE = 50;

export interface RemovalParts {
  readonly store: WorkspaceStore;
  readonly secrets: Pick<Secrets, 'open' | 'keyedHash'>;
}

/** Removes the payloads, except the fields to keep. Their commitments stay, and the salt goes with them (S89). False if the run has not ended. */
export async function removePayloads({ store, secrets }: RemovalParts, run: RunRecord, now: Date, keeps?: Keeps): Promise<boolean> {
  if (!isEnded(run.status)) return false;
  const at = now.toISOString();
  const rows = run.journalRemovedAt === undefined ? await store.readJournal(run.id) : [];
  await loosenBlobs(
    store,
    run.workspaceId,
    [...withHeld(run.triggerData), run, ...rows.flatMap(({ events }) => events.flatMap((event: SealedEvent) => withHeld(event)))],
    at,
  );
  const seal = run.triggerData.sealed === undefined ? undefined : await sealOf(store, secrets, run.id);
  for (const row of rows) await store.rewriteJournal(removedRow(createRowSeals(secrets), run, row, openRow(seal, row).events, keeps));
  const evidence = leftOfInput(secrets, run, openTrigger(seal, run.triggerData));
  await ofRun(store, reviews, run.id, async (review) => {
    await removeRunSample(store, run, review.id);
    if (review.whole) await loosenBlobs(store, run.workspaceId, [review], at);
    await store.update(reviews, review.id, removedReview(review));
  });
  // Which fields were changed remains.
  await ofRun(store, corrections, run.id, async (correction) => void (await store.update(corrections, correction.id, removedCorrection(correction, keeps))));
  await ofRun(store, feedback, run.id, async ({ id }) => void (await store.update(feedback, id, { comment: null, by: null })));
  await ofRun(store, signals, run.id, async ({ id, value }) => void (await store.update(signals, id, { value: removed(value, keeps) })));
  await removeItemsOfRun(store, run.id, at);
  await removeFromExperiments({ store, secrets }, run, now);
  await deleteTokens(store, run.id);
  await store.delete(runKeys, run.id);
  const { triggerData, output, error, labels, workflowName, standIns } = run;
  const emptied = {
    triggerData: { kind: triggerData.kind, body: removed(triggerData.body, keeps) },
    output: removed(output ?? null, keeps),
    error: error && removedError(error),
    salt: undefined,
    // Given answers and decisions can quote what the run was made of.
    ...(standIns && { standIns: { ...standIns, recorded: undefined, decision: undefined } }),
    ...(evidence && { evidence }),
  };
  await store.update(runs, run.id, { ...emptied, labels, workflowName, payloadsRemovedAt: at });
  // An item that was copied from the run meanwhile.
  await removeItemsOfRun(store, run.id, at);
  return true;
}

/** Removes what experiments have of a run: texts of results, and the payloads of runs made of items that were copied from it. */
export async function removeFromExperiments(parts: RemovalParts, run: Pick<RunRecord, 'id' | 'idempotencyKey'>, now: Date): Promise<void> {
  for (const id of await removeResultsOfRun(parts.store, run)) {
    const trial = await parts.store.get(runs, id);
    if (trial && trial.payloadsRemovedAt === undefined) await removePayloads(parts, trial, now);
  }
}

/** A row without payloads. One that is not what was written keeps its seal, so it never passes for intact. */
function removedRow(seals: RowSeals, run: RunRecord, row: JournalRow, events: readonly RunEvent[], keeps: Keeps | undefined): JournalRow {
  const { runId, seq, epoch, v } = row;
  const left = { runId, seq, epoch, v, events: events.map((event) => uncoveredEvent(commitUnder(run.salt), event, keeps)) };
  return !hasChain(run) || seals.isIntact(run.workspaceId, row) ? left : { ...left, seal: row.seal ?? '' };
}

/** Removes payloads and journal. False if the run has not ended. */
export async function removeJournal(parts: RemovalParts, run: RunRecord, now: Date): Promise<boolean> {
  const { store, secrets } = parts;
  if (run.payloadsRemovedAt === undefined && !(await removePayloads(parts, run, now))) return false;
  const left = await store.get(runs, run.id);
  if (!left) return false;
  const evidence = left.journalRemovedAt === undefined ? await leftOfJournal(store, secrets, left) : undefined;
  // First the record: without its journal, a run would look like a new one.
  await store.update(runs, run.id, { journalRemovedAt: now.toISOString(), ...(evidence && { evidence }) });
  await store.deleteJournal(run.id);
  return true;
}

/** Removes everything about a run. False if it has not ended. */
export async function removeRun(parts: RemovalParts, run: RunRecord, now: Date): Promise<boolean> {
  const { store } = parts;
  if (!(await removeJournal(parts, run, now))) return false;
  await freezeHour(store, run);
  await insertIfAbsent(store, removedRuns, { id: run.id, workspaceId: run.workspaceId, at: now.toISOString() });
  await store.delete(keptReplies, run.id);
  await deleteOfRun(store, signals, run.id);
  await deleteOfRun(store, reviews, run.id);
  await deleteOfRun(store, feedback, run.id);
  await store.delete(runs, run.id);
  return true;
}

/** An event with the references of encrypted ones. */
const withHeld = (holder: SealedEvent | TriggerData): object[] => [
  holder,
  ...(holder.held ?? []).map((reference) => ({ reference: { ...reference, bytes: 0, preview: '' } })),
];

/** What remains of a review: who decided what, and when. */
const removedReview = ({ decision, assignee, whenDue }: ReviewRecord): Partial<ReviewRecord> => {
  const left = removedTask({ title: '', decisions: [], fields: [], context: [], ...(whenDue && { whenDue }) });
  const { title, fields, context } = left;
  return {
    title,
    instructions: null,
    why: null,
    fields: [...fields],
    context: [...context],
    assignee: assignee && REMOVED_ASSIGNEE,
    whenDue: left.whenDue ?? null,
    whole: undefined,
    sealed: undefined,
    decision: decision && { ...decision, values: {}, comment: '', reasons: [] },
  };
};

async function loosenBlobs(store: WorkspaceStore, workspaceId: string, holders: readonly object[], at: string): Promise<void> {
  for (const id of new Set(holders.flatMap(hashesInEvent))) await insertIfAbsent(store, looseBlobs, { id, workspaceId, at });
}

async function ofRun<T extends StoredRecord>(
  store: WorkspaceStore,
  collection: Collection<T>,
  runId: string,
  each: (record: T) => Promise<void>,
): Promise<void> {
  let cursor: string | null = null;
  do {
    const page: { items: T[]; nextCursor: string | null } = await store.find(collection, { where: { runId }, limit: PAGE, ...(cursor !== null && { cursor }) });
    for (const record of page.items) await each(record);
    cursor = page.nextCursor;
  } while (cursor !== null);
}

async function deleteOfRun<T extends StoredRecord>(store: WorkspaceStore, collection: Collection<T>, runId: string): Promise<void> {
  for (;;) {
    const { items } = await store.find(collection, { where: { runId }, limit: PAGE });
    if (items.length === 0) return;
    for (const { id } of items) await store.delete(collection, id);
  }
}
