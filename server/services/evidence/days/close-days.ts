import { randomBytes } from 'node:crypto';
import { setImmediate as othersFirst } from 'node:timers/promises';
import { isEnded, RUN_STATUSES } from '@switchyard/shared/run/state.ts';
import { type RunRecord, runs, settings } from '../../../store/collections.ts';
import { insertIfAbsent } from '../../../store/insert-if-absent.ts';
import { type DailyHeadRecord, dailyHeads, type HeadPageRecord, headPages } from '../../../store/insight/day-collections.ts';
import type { Collection, Page, Query, StoredRecord, WorkspaceStore } from '../../../store/port.ts';
import { changes } from '../../../store/registry-collections.ts';
import { DAY_FORMAT, type DayStatement, dayHash, leafHash, PAGE_LEAVES, rootOf } from '../chain/day-chain.ts';
import { isInputIntact } from '../journal-checks.ts';
import { hasChain, readChain } from '../read-chain.ts';
import { type KeyParts, signed } from '../signing-keys.ts';

/*
 * Closes days: makes the head of each day with runs that ended or changes of settings (S89). Invariants: 1. A day has one head, and heads are
 * numbered without gaps: both are unique in the store, so of two processes one makes it. 2. A head refers to pages that are complete before it.
 * 3. A run is in one head: the first one after its end. Runs that were open are noted, so one that takes weeks is found without a look at all runs.
 * 4. A clock that is set back makes no second head; runs that ended meanwhile are in the next one.
 */

const DAY_MS = 86_400_000;
/** How long after its end a day is closed. Clocks of processes differ by less, and a commit takes less. */
const MARGIN_MS = 3_600_000;
/** Days that one pass catches up on, the oldest first. */
const MOST_DAYS = 400;
/** So many earlier heads may have runs that are looked at again. */
const HEADS_BEFORE = 3;
const PAGE = 500;
/** The last day that was looked at: most heads would be empty where little happens. */
const LOOKED = 'daily-heads-to';
const OPEN = RUN_STATUSES.filter((status) => !isEnded(status));

export interface DayParts extends KeyParts {
  readonly secrets: KeyParts['secrets'] & Parameters<typeof readChain>[0]['secrets'];
  readonly workspaceId: string;
}

const startOf = (day: string): number => Date.parse(`${day}T00:00:00.000Z`);
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const iso = (ms: number): string => new Date(ms).toISOString();

/** Closes the days that are over. Ends early on `stop`. */
export async function closeDays(parts: DayParts, stop: AbortSignal): Promise<void> {
  const store = parts.stores.in(parts.workspaceId);
  const lastDay = dayOf(parts.now().getTime() - MARGIN_MS - DAY_MS);
  const { items } = await store.find(dailyHeads, { range: { field: 'day', to: lastDay }, order: { field: 'day', descending: true }, limit: 1 });
  const looked = (await store.get(settings, LOOKED))?.value;
  // After a clock was set back, it is in the future and says nothing.
  const done = [items[0]?.day, looked].filter((day) => typeof day === 'string' && day <= lastDay) as string[];
  const next = done.length === 0 ? startOf(lastDay) : Math.max(...done.map(startOf)) + DAY_MS;
  for (let start = Math.max(next, startOf(lastDay) - (MOST_DAYS - 1) * DAY_MS); start <= startOf(lastDay); start += DAY_MS) {
    await closeDay(parts, store, dayOf(start), stop);
    if (stop.aborted) return;
    const value = dayOf(start);
    if (!(await store.update(settings, LOOKED, { value }))) await insertIfAbsent(store, settings, { id: LOOKED, workspaceId: parts.workspaceId, value });
  }
}

/** The newest head. */
export async function newestHead(store: WorkspaceStore): Promise<DailyHeadRecord | undefined> {
  return (await store.find(dailyHeads, { order: { field: 'number', descending: true }, limit: 1 })).items[0];
}

async function closeDay(parts: DayParts, store: WorkspaceStore, day: string, stop: AbortSignal): Promise<void> {
  const { items: before } = await store.find(dailyHeads, { order: { field: 'number', descending: true }, limit: HEADS_BEFORE });
  const previous = before[0];
  const number = (previous?.number ?? 0) + 1;
  if (previous) await deleteLeftovers(store, previous);
  const set = `${setPrefix(number)}${randomBytes(6).toString('hex')}`;
  const { ended, later } = await runsOfDay(parts, store, day, before, stop);
  const known = previous?.audit ?? null;
  const last = await lastChange(store, iso(startOf(day) + DAY_MS));
  const isAuditNew = last !== null && last.number > (known?.number ?? 0);
  if (stop.aborted || (ended.length === 0 && !isAuditNew)) return;
  const audit = isAuditNew ? last : known;
  const root = await writePages(store, { workspaceId: parts.workspaceId, set }, ended);
  await noteLater(store, { workspaceId: parts.workspaceId, set }, later);
  const statement: DayStatement = {
    format: DAY_FORMAT,
    workspace: parts.workspaceId,
    day,
    number,
    previous: previous?.hash ?? null,
    runs: ended.length,
    root,
    audit,
    closedAt: parts.now().toISOString(),
  };
  const { signature } = await signed(parts, statement);
  const sending = { attempts: 0, attemptedAt: null, sentAt: null, error: null };
  // If another process was faster, its pages count, and these are deleted with the next head.
  await insertIfAbsent(store, dailyHeads, {
    id: `day-${day}`,
    workspaceId: parts.workspaceId,
    ...statement,
    hash: dayHash(statement),
    signature,
    set,
    ...sending,
  });
}

const setPrefix = (number: number): string => `${String(number).padStart(9, '0')}.`;
const openSetOf = (set: string): string => `open.${set}`;

interface Leaf {
  readonly runId: string;
  readonly leaf: string;
}

interface RunsOfDay {
  /** Those that ended until the end of the day and are in no earlier head, ordered by ID. */
  readonly ended: Leaf[];
  /** The others, if the next day would not look at them otherwise. */
  readonly later: string[];
}

async function runsOfDay(parts: DayParts, store: WorkspaceStore, day: string, before: readonly DailyHeadRecord[], stop: AbortSignal): Promise<RunsOfDay> {
  const [start, end] = [iso(startOf(day)), iso(startOf(day) + DAY_MS)];
  const [previous] = before;
  // A day more than the runs of this one need: those that were accepted while the clock was ahead.
  const from = iso(Math.min(startOf(day) - DAY_MS, previous ? startOf(previous.day) : Number.POSITIVE_INFINITY));
  const taken = new Set<string>();
  for (const { set } of before) for await (const { runs: ids } of pagesOf(store, set)) for (const id of ids) taken.add(id);
  const leaves = new Map<string, string>();
  const later = new Set<string>();
  const look = async ({ id, createdAt, endedAt }: Pick<RunRecord, 'id' | 'createdAt' | 'endedAt'>): Promise<void> => {
    if (taken.has(id) || leaves.has(id)) return;
    if (endedAt === null || endedAt >= end) return void (createdAt < start && later.add(id));
    const run = await store.get(runs, id);
    const head = run && (await endOf({ store, secrets: parts.secrets }, run));
    if (run && head !== undefined) leaves.set(id, leafHash({ runId: id, seq: run.seq, head }));
    await othersFirst();
  };
  for await (const id of leftOpen(store, previous, start)) {
    const run = stop.aborted ? undefined : await store.get(runs, id);
    if (run) await look(run);
  }
  const accepted = { range: { field: 'createdAt', from, to: end }, order: { field: 'createdAt' }, fields: ['createdAt', 'endedAt'] };
  for await (const run of every(store, runs, accepted)) {
    if (stop.aborted) break;
    await look(run);
  }
  const ended = [...leaves].map(([runId, leaf]) => ({ runId, leaf })).sort((one, other) => (one.runId < other.runId ? -1 : 1));
  return { ended, later: [...later] };
}

/** Runs that the previous head left for later. For the first head, those that are open. */
async function* leftOpen(store: WorkspaceStore, previous: DailyHeadRecord | undefined, before: string): AsyncGenerator<string> {
  if (previous) for await (const { runs: ids } of pagesOf(store, openSetOf(previous.set))) yield* ids;
  else
    for (const status of OPEN) {
      const query = { where: { status }, range: { field: 'createdAt', to: before }, order: { field: 'createdAt' }, fields: ['createdAt'] };
      for await (const { id } of every(store, runs, query)) yield id;
    }
}

/** The hash of the last row of an ended run: null if what is stored is not what was written, undefined if the run has no chain. */
async function endOf(parts: Parameters<typeof readChain>[0], run: RunRecord): Promise<string | null | undefined> {
  if (!hasChain(run)) return undefined;
  if (run.journalRemovedAt !== undefined) return isInputIntact(parts.secrets, run) ? (run.evidence?.end?.hash ?? null) : null;
  const { head, problems } = await readChain(parts, run);
  return problems.length === 0 ? head.hash : null;
}

/** The last entry of the audit trail before a time. */
async function lastChange(store: WorkspaceStore, before: string): Promise<DayStatement['audit']> {
  const { items } = await store.find(changes, { range: { field: 'at', to: before }, order: { field: 'at', descending: true }, limit: 1 });
  const { number, hash } = items[0] ?? {};
  return number === undefined || hash === undefined ? null : { number, head: hash };
}

type Owner = Pick<HeadPageRecord, 'workspaceId' | 'set'>;

/** Writes the leaves, and returns their root. */
async function writePages(store: WorkspaceStore, owner: Owner, leaves: readonly Leaf[]): Promise<string> {
  const roots: string[] = [];
  for (let start = 0; start < leaves.length; start += PAGE_LEAVES) {
    const page = leaves.slice(start, start + PAGE_LEAVES);
    const hashes = page.map(({ leaf }) => leaf);
    const root = rootOf(hashes);
    roots.push(root);
    const ids = page.map(({ runId }) => runId);
    await store.insert(headPages, { id: `${owner.set}.${roots.length}`, ...owner, first: ids[0] ?? '', runs: ids, leaves: hashes, root });
  }
  return rootOf(roots);
}

/** Notes the runs that a later head has to look at. */
async function noteLater(store: WorkspaceStore, { workspaceId, set }: Owner, ids: readonly string[]): Promise<void> {
  for (let start = 0; start < ids.length; start += PAGE_LEAVES) {
    const page = { set: openSetOf(set), runs: ids.slice(start, start + PAGE_LEAVES), leaves: [], root: '' };
    await store.insert(headPages, { id: `${page.set}.${start}`, workspaceId, first: page.runs[0] ?? '', ...page });
  }
}

/** Deletes pages that belong to no head: of attempts that were interrupted, and open runs of earlier heads. */
async function deleteLeftovers(store: WorkspaceStore, { number, set }: DailyHeadRecord): Promise<void> {
  const prefix = setPrefix(number);
  const kept = [set, openSetOf(set)];
  for (const [from, to] of [
    [prefix, `${prefix}~`],
    [openSetOf(''), `${openSetOf(prefix)}~`],
  ] as const)
    for (;;) {
      const { items } = await store.find(headPages, { range: { field: 'set', from, to }, order: { field: 'set' }, limit: PAGE, fields: ['set'] });
      const left = items.filter((page) => !kept.includes(page.set));
      for (const { id } of left) await store.delete(headPages, id);
      if (left.length === 0) break;
    }
}

/** The pages of a set, in order. */
export const pagesOf = (store: WorkspaceStore, set: string): AsyncGenerator<HeadPageRecord> =>
  every(store, headPages, { where: { set }, order: { field: 'first' } }, 20);

async function* every<T extends StoredRecord>(store: WorkspaceStore, collection: Collection<T>, query: Query, limit = PAGE): AsyncGenerator<T> {
  let cursor: string | null = null;
  do {
    const page: Page<T> = await store.find(collection, { ...query, limit, aside: true, ...(cursor !== null && { cursor }) });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
