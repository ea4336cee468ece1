import { LRUCache } from 'lru-cache';
import { runs } from '../../store/collections.ts';
import { type RollUpRecord, rollUps } from '../../store/insight/insight-collections.ts';
import type { Page, WorkspaceStore } from '../../store/port.ts';
import { countRun, type HourRollUps, ROLLED_FIELDS, type RolledRun } from '../figures/count-run.ts';
import { noRollUp } from '../figures/roll-up.ts';
import { dayOf, endOfHour, hourOf, type Place, replaceDay, replaceRollUp, rollUpId } from './roll-up-records.ts';

/*
 * The hours whose figures are in memory, so that a run that ends is read once instead of with its whole hour. Invariants: 1. An hour in memory
 * has every run that was read with it, and those that were added since, once each: `pending` are the runs that were read while marked, and so
 * will be found again. 2. A run that is marked again may have changed, so its hour is read again. 3. Figures are written over the revision that
 * this process wrote or read before; if another one has written since, the hour is forgotten.
 */

const MOST_HOURS = 72;
export const READ_AT_ONCE = 2_000;
/** In the mark of a run that was marked again. */
const AGAIN = '~';

/** A run that was found by its mark. */
export type MarkedRun = RolledRun & { readonly unrolled: string };

/** The mark of a run that changed after it ended. No run had it before. */
export const markAgain = (now: Date, unique: string): string => `${now.toISOString()}${AGAIN}${unique}`;

interface KnownHour {
  readonly rollUps: HourRollUps;
  /** By run: the mark it was counted with. */
  readonly pending: Map<string, string>;
  /** By workflow: of the record. Null if it is frozen. Missing if it wasn’t read yet. */
  readonly revisions: Map<string, number | null>;
}

export type HourMemory = ReturnType<typeof createHourMemory>;

/** One for each workspace. */
export function createHourMemory(store: WorkspaceStore, workspaceId: string) {
  const hours = new LRUCache<string, KnownHour>({ max: MOST_HOURS });

  /** Counts runs of one hour. Returns the hour, and the workflows whose figures changed. */
  const countIn = async (hour: string, marked: readonly MarkedRun[]): Promise<{ readonly known: KnownHour; readonly changed: ReadonlySet<string> }> => {
    const before = marked.some(({ unrolled }) => unrolled.includes(AGAIN)) ? undefined : hours.get(hour);
    const known = before ?? { ...(await readHour(store, hour)), revisions: new Map() };
    hours.set(hour, known);
    const changed = new Set<string>();
    // Runs that the hour was read with are counted apart, only to learn which workflows they belong to.
    const apart: HourRollUps = new Map();
    for (const run of marked) {
      const isCounted = before === undefined || known.pending.get(run.id) === run.unrolled;
      for (const workflowId of countRun(isCounted ? apart : known.rollUps, run)) changed.add(workflowId);
    }
    return { known, changed };
  };

  /** Writes the figures of workflows in an hour. False if another process has written them: the hour must be read again. */
  const write = async (hour: string, { rollUps: figures, revisions }: KnownHour, changed: ReadonlySet<string>): Promise<boolean> => {
    for (const workflowId of changed) {
      const place: Place = { workspaceId, workflowId, span: 'hour', at: hour };
      const revision = revisions.get(workflowId) ?? (await revisionOf(store, place));
      revisions.set(workflowId, revision);
      if (revision === null) continue;
      if (!(await replaceRollUp(store, place, figures.get(workflowId) ?? noRollUp(), revision))) return false;
      revisions.set(workflowId, revision + 1);
    }
    return true;
  };

  return {
    forget: () => hours.clear(),
    /** Adds runs to the figures of their hours, and writes these. Returns the runs whose marks can be cleared: others must be found again. */
    add: async (marked: readonly MarkedRun[]): Promise<readonly MarkedRun[]> => {
      const done: MarkedRun[] = [];
      const days: ChangedDays = new Map();
      for (const [hour, some] of Map.groupBy(marked, ({ createdAt }) => hourOf(createdAt))) {
        const { known, changed } = await countIn(hour, some);
        if (await write(hour, known, changed)) done.push(...some);
        else hours.delete(hour);
        for (const workflowId of changed) noteDay(days, hour, workflowId);
      }
      await replaceDays(store, workspaceId, days);
      return done;
    },
    /** The marks of these runs are cleared, so they are not found again. */
    cleared: (done: readonly MarkedRun[]): void => {
      for (const { id, createdAt } of done) hours.peek(hourOf(createdAt))?.pending.delete(id);
    },
    /** Writes an hour of runs that were never marked, unless it is written. Its day is only noted. */
    addHour: async (hour: string, days: ChangedDays): Promise<void> => {
      const { rollUps: figures } = await readHour(store, hour);
      for (const [workflowId, rollUp] of figures) {
        await replaceRollUp(store, { workspaceId, workflowId, span: 'hour', at: hour }, rollUp, 0);
        noteDay(days, hour, workflowId);
      }
    },
  };
}

/** The workflows whose figures changed, by day. */
export type ChangedDays = Map<string, Set<string>>;

function noteDay(days: ChangedDays, hour: string, workflowId: string): void {
  const changed = days.get(dayOf(hour)) ?? new Set();
  days.set(dayOf(hour), changed.add(workflowId));
}

/** Makes the figures of these days from those of their hours. */
export async function replaceDays(store: WorkspaceStore, workspaceId: string, days: ChangedDays): Promise<void> {
  for (const [day, changed] of days) for (const workflowId of changed) await replaceDay(store, workspaceId, workflowId, day);
}

async function revisionOf(store: WorkspaceStore, { workflowId, at }: Place): Promise<number | null> {
  const [hour, day] = await Promise.all([store.get(rollUps, rollUpId(workflowId, 'hour', at)), store.get(rollUps, rollUpId(workflowId, 'day', dayOf(at)))]);
  const isFrozen = ({ frozen }: RollUpRecord): boolean => frozen;
  return [hour, day].some((known) => known && isFrozen(known)) ? null : (hour?.revision ?? 0);
}

/** The figures of all runs that were accepted in an hour and have ended, and which of them are marked. */
async function readHour(store: WorkspaceStore, hour: string): Promise<Pick<KnownHour, 'rollUps' | 'pending'>> {
  const figures: HourRollUps = new Map();
  const pending = new Map<string, string>();
  let cursor: string | null = null;
  do {
    const page: Page<RolledRun & { workspaceId: string }> = await store.find(runs, {
      range: { field: 'createdAt', from: hour, to: endOfHour(hour) },
      order: { field: 'createdAt' },
      fields: ROLLED_FIELDS,
      limit: READ_AT_ONCE,
      aside: true,
      ...(cursor !== null && { cursor }),
    });
    for (const run of page.items) {
      countRun(figures, run);
      if (run.unrolled !== null && run.unrolled !== undefined) pending.set(run.id, run.unrolled);
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
  return { rollUps: figures, pending };
}
