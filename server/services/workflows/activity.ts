import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Activity } from '@switchyard/shared/contracts/workflows.ts';
import { addCost, type CostSum, NO_COST, shownCost } from '@switchyard/shared/run/cost.ts';
import { isEnded, RUN_STATUSES } from '@switchyard/shared/run/state.ts';
import { type RunRecord, runs } from '../../store/collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';

/*
 * Owns the activity of each workflow in the last 24 hours. A run is read when it is new, again until it has ended, and then never
 * again: a list that refreshes every few seconds must not read thousands of runs each time.
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Runs are timestamped before they are written, so a run may appear this long after a younger one. */
const LATE = 10_000;
const PAGE = 1_000;
/** This many runs are enough for a median. */
const SAMPLE = 5_000;
/** The fields that are counted. Most of a record is its input and output. */
const FIELDS = ['status', 'createdAt', 'startedAt', 'endedAt', 'costMicros', 'unknownPrice'] as const;
/** How many records are read individually at the same time. */
const AT_ONCE = 50;
const OPEN = RUN_STATUSES.filter((status) => !isEnded(status));
/** A result this recent is reused. */
const FRESH = 1_000;

interface EndedRun {
  readonly at: number;
  readonly status: RunRecord['status'];
  readonly ms: number;
  readonly cost: CostSum;
}

interface Tally {
  ended: EndedRun[];
  readonly open: Map<string, { readonly at: number; readonly waiting: boolean; readonly cost: CostSum }>;
  /** IDs near `readTo`, which may be read again. */
  recent: Map<string, number>;
  readTo: number;
  answer?: { readonly at: number; readonly activity: Promise<Activity> };
  /** The tally is being updated. Only one update at a time, or each would count a run that ends meanwhile. */
  busy: boolean;
}

/** Creates the reader of activity. */
export function createActivity(now: () => Date): (store: WorkspaceStore, workflowId: string) => Promise<Activity> {
  const tallies = new Map<string, Tally>();
  return (store, workflowId) => {
    const at = now().getTime();
    const tally: Tally = tallies.get(workflowId) ?? { ended: [], open: new Map(), recent: new Map(), readTo: 0, busy: false };
    tallies.set(workflowId, tally);
    if (!tally.answer || (at - tally.answer.at > FRESH && !tally.busy)) {
      tally.busy = true;
      const activity = bringUpToDate(store, workflowId, tally, at)
        .then(() => summarise(tally, at))
        .finally(() => {
          tally.busy = false;
        });
      tally.answer = { at, activity };
      activity.catch(() => delete tally.answer);
    }
    return tally.answer.activity;
  };
}

async function bringUpToDate(store: WorkspaceStore, workflowId: string, tally: Tally, now: number): Promise<void> {
  const since = now - DAY;
  tally.ended = tally.ended.filter((run) => run.at >= since);
  if (tally.open.size > 0) await lookAgain(store, workflowId, tally, since);
  const from = new Date(Math.max(since, tally.readTo - LATE)).toISOString();
  let cursor: string | undefined;
  do {
    const page = await store.find(runs, {
      where: { workflowId },
      range: { field: 'createdAt', from },
      order: { field: 'createdAt' },
      limit: PAGE,
      fields: FIELDS,
      aside: true,
      ...(cursor !== undefined && { cursor }),
    });
    for (const run of page.items) {
      if (tally.recent.has(run.id)) continue;
      const at = Date.parse(run.createdAt);
      tally.recent.set(run.id, at);
      tally.readTo = Math.max(tally.readTo, at);
      count(tally, run);
    }
    cursor = page.nextCursor ?? undefined;
    // Thousands of runs are read in chunks, with other work in between.
    if (cursor !== undefined) await nextTurn();
  } while (cursor !== undefined);
  for (const [id, at] of tally.recent) if (at < tally.readTo - LATE) tally.recent.delete(id);
}

/** Updates the runs that were open: those still open are read in pages, and only the others individually. */
async function lookAgain(store: WorkspaceStore, workflowId: string, tally: Tally, since: number): Promise<void> {
  for (const [id, { at }] of tally.open) if (at < since) tally.open.delete(id);
  const left = new Set(tally.open.keys());
  const again = (run: RunRecord): void => {
    if (!left.delete(run.id)) return;
    tally.open.delete(run.id);
    count(tally, run);
  };
  const from = new Date(since).toISOString();
  let cursor: string | undefined;
  do {
    const page = await store.find(runs, {
      where: { workflowId, status: OPEN },
      range: { field: 'createdAt', from },
      order: { field: 'createdAt' },
      limit: PAGE,
      fields: FIELDS,
      aside: true,
      ...(cursor !== undefined && { cursor }),
    });
    page.items.forEach(again);
    cursor = page.nextCursor ?? undefined;
    if (cursor !== undefined) await nextTurn();
  } while (cursor !== undefined);
  const ended = [...left];
  for (let done = 0; done < ended.length; done += AT_ONCE) {
    const part = await Promise.all(ended.slice(done, done + AT_ONCE).map((id) => store.get(runs, id)));
    for (const run of part) if (run) again(run);
  }
  // A run that no longer exists isn't open either.
  for (const id of left) tally.open.delete(id);
}

function count(tally: Tally, run: RunRecord): void {
  const at = Date.parse(run.createdAt);
  const cost = { costMicros: run.costMicros, unknownPrice: run.unknownPrice ?? 0 };
  if (isEnded(run.status) && run.endedAt !== null) {
    tally.ended.push({ at, status: run.status, ms: Date.parse(run.endedAt) - Date.parse(run.startedAt ?? run.createdAt), cost });
  } else tally.open.set(run.id, { at, waiting: run.status === 'waiting', cost });
}

function summarise(tally: Tally, now: number): Activity {
  const begin = now - DAY;
  const hours = Array.from({ length: 24 }, () => ({ succeeded: 0, failed: 0, other: 0 }));
  const hourOf = (at: number) => hours[Math.min(23, Math.max(0, Math.floor((at - begin) / HOUR)))];
  let cost = NO_COST;
  for (const run of tally.ended) {
    cost = addCost(cost, run.cost);
    const hour = hourOf(run.at);
    if (hour) hour[run.status === 'succeeded' || run.status === 'failed' ? run.status : 'other']++;
  }
  const open = [...tally.open.values()];
  for (const run of open) {
    const hour = hourOf(run.at);
    if (hour) hour.other++;
  }
  return {
    runs: tally.ended.length + open.length,
    succeeded: hours.reduce((sum, hour) => sum + hour.succeeded, 0),
    failed: hours.reduce((sum, hour) => sum + hour.failed, 0),
    waiting: open.filter((run) => run.waiting).length,
    medianMs: median(sampleOf(tally.ended).map((run) => run.ms)),
    ...shownCost(open.reduce((sum, run) => addCost(sum, run.cost), cost)),
    hours,
  };
}

/** Sorting hundreds of thousands of durations would block the event loop, and a sample gives the median as well. */
function sampleOf<T>(values: readonly T[]): readonly T[] {
  const step = Math.ceil(values.length / SAMPLE);
  return step <= 1 ? values : values.filter((_, index) => index % step === 0);
}

function median(values: number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
