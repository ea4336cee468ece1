import { createHash, randomUUID } from 'node:crypto';
import { AppError } from '@switchyard/shared/errors.ts';
import {
  type AppliedChange,
  applyStateChange,
  LONGEST_STATE_KEY,
  MOST_STATE_BYTES,
  MOST_STATE_KEYS,
  type StateChange,
  type StateResult,
  type StateSpace,
} from '@switchyard/shared/run/state-change.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { type StateChangeRecord, type StateEntryRecord, stateChanges, stateEntries } from '../../store/state/state-collections.ts';
import { createTurns } from './turns-by-key.ts';

/*
 * Changes stored values, each exactly once (S75). Invariants: 1. A change is inserted under the ID of its call before it is applied.
 * 2. It is applied by compare-and-set, together with its ID and result. 3. Its ID leaves the entry only after the result is in its own
 * record. So a repetition that reads the entry first, and the change after it, sees the change in one of them, or its write fails.
 */

/** Where a value is stored. Keys of one table, or of none (''), are listed together. */
export interface StatePlace {
  readonly workspaceId: string;
  readonly workflowId: string;
  readonly space: StateSpace;
  readonly table: string;
  readonly key: string;
}

export interface AskedChange {
  /** Unique to the call that asks. */
  readonly id: string;
  readonly runId: string | null;
  readonly change: StateChange;
  readonly at: string;
}

type Records = Pick<WorkspaceStore, 'get' | 'insert' | 'update' | 'delete' | 'count'>;

/** Values that steps remember are not counted: they expire. */
export const SEEN_TABLE = '$seen';

export const placeOf = ({ workflowId, space, table }: Omit<StatePlace, 'workspaceId' | 'key'>): string => `${workflowId}/${space}/${table}`;
const entryIdOf = (place: StatePlace): string =>
  createHash('sha256')
    .update(`${placeOf(place)}\0${place.key}`)
    .digest('hex')
    .slice(0, 40);

/** The stored value, unless there is none or it has expired. */
export async function readState(store: Pick<WorkspaceStore, 'get'>, place: StatePlace, now: string): Promise<StateEntryRecord | undefined> {
  checkKey(place.key);
  const entry = await store.get(stateEntries, entryIdOf(place));
  return entry && holdsValue(entry, now) ? entry : undefined;
}

const holdsValue = ({ deletedAt, expiresAt }: StateEntryRecord, now: string): boolean => deletedAt === null && (expiresAt === null || expiresAt > now);

function checkKey(key: string): void {
  if (key === '') throw new AppError('bad-request', 'The key is empty.');
  if (key.length > LONGEST_STATE_KEY) throw new AppError('bad-request', `The key has ${key.length} characters. The limit is ${LONGEST_STATE_KEY}.`);
}

/** Applies a change, or finds that it was applied, and returns its result. Throws `bad-request` and `too-large`. */
export type WriteState = (store: Records, place: StatePlace, asked: AskedChange) => Promise<StateResult>;

/** One writer per process: it makes one change of a key at a time, so that changes of one process don’t race each other. */
export function createStateWriter(): WriteState {
  const inTurn = createTurns();
  return async (store, place, asked) => {
    checkKey(place.key);
    const entryId = entryIdOf(place);
    return inTurn(entryId, () => writeInTurn(store, place, entryId, asked));
  };
}

async function writeInTurn(store: Records, place: StatePlace, entryId: string, asked: AskedChange): Promise<StateResult> {
  const { workspaceId } = place;
  const { id, runId, change, at } = asked;
  await insertIfAbsent(store, stateChanges, { id, workspaceId, runId, entryId, change, at });
  for (;;) {
    const entry = await store.get(stateEntries, entryId);
    // After the entry: see invariant 3.
    const record = await store.get(stateChanges, id);
    if (!record) throw new AppError('cancelled', 'The run of this change has ended.');
    if (record.result) return record.result;
    const known = entry?.pending.find((one) => one.id === id)?.result;
    const result = known ?? (await attempt(store, place, entry, record));
    if (!result) continue;
    await store.update(stateChanges, id, { result });
    if (change.operation === 'delete') await forgetDeleted(store, entryId);
    return result;
  }
}

/** Undefined if another write came first. */
async function attempt(
  store: Records,
  place: StatePlace,
  entry: StateEntryRecord | undefined,
  { id, runId, change, at }: StateChangeRecord,
): Promise<StateResult | undefined> {
  const present = entry && holdsValue(entry, at) ? entry : undefined;
  const { after, result } = applyStateChange(present, place.key, change);
  checkSize(place.key, after);
  if (after && !present) await checkRoom(store, place);
  const pending = [...(await unsettled(store, entry)), { id, result }];
  const written = {
    value: after?.value ?? null,
    expiresAt: after?.expiresAt ?? null,
    deletedAt: after ? null : at,
    stamp: randomUUID(),
    pending,
    updatedAt: result.changed || !entry ? at : entry.updatedAt,
    runId: result.changed || !entry ? runId : entry.runId,
  };
  if (entry) return (await store.update(stateEntries, entry.id, written, { equal: { stamp: entry.stamp } })) && result;
  const { workspaceId, workflowId, space, key } = place;
  const record = { id: entryIdOf(place), workspaceId, workflowId, space, place: placeOf(place), key, ...written };
  return (await insertIfAbsent(store, stateEntries, record)) ? result : undefined;
}

/** What is pending in an entry and not settled yet. A change without a record was settled, and its run has ended. */
async function unsettled(store: Pick<WorkspaceStore, 'get'>, entry: StateEntryRecord | undefined): Promise<StateEntryRecord['pending']> {
  const pending = entry?.pending ?? [];
  const records = await Promise.all(pending.map(({ id }) => store.get(stateChanges, id)));
  return pending.filter((_, index) => records[index] && !records[index]?.result);
}

/** Deletes an entry without a value, if all its changes are settled. */
export async function forgetDeleted(store: Pick<WorkspaceStore, 'get' | 'delete'>, entryId: string): Promise<void> {
  const entry = await store.get(stateEntries, entryId);
  if (!entry || entry.deletedAt === null || (await unsettled(store, entry)).length > 0) return;
  await store.delete(stateEntries, entryId, { equal: { stamp: entry.stamp } });
}

/** Deletes an entry that has expired, if all its changes are settled. */
export async function forgetExpired(store: Pick<WorkspaceStore, 'get' | 'delete'>, entry: StateEntryRecord): Promise<void> {
  if ((await unsettled(store, entry)).length === 0) await store.delete(stateEntries, entry.id, { equal: { stamp: entry.stamp } });
}

function checkSize(key: string, after: AppliedChange['after']): void {
  const bytes = after ? Buffer.byteLength(JSON.stringify(after.value) ?? '') : 0;
  if (bytes > MOST_STATE_BYTES)
    throw new AppError('too-large', `The value of “${key}” would be ${Math.ceil(bytes / 1_024)} KB. The limit is ${MOST_STATE_BYTES / 1_024} KB.`);
}

async function checkRoom(store: Pick<WorkspaceStore, 'count'>, place: StatePlace): Promise<void> {
  if (place.table === SEEN_TABLE) return;
  const keys = await store.count(stateEntries, { where: { place: placeOf(place), deletedAt: null } }, MOST_STATE_KEYS);
  if (keys >= MOST_STATE_KEYS)
    throw new AppError('too-large', `This workflow stores ${MOST_STATE_KEYS.toLocaleString('en-US')} keys, which is the limit. Delete some first.`);
}
