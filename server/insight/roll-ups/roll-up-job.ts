import { setImmediate as othersFirst } from 'node:timers/promises';
import type { JobLease } from '../../ownership/job-lease.ts';
import { latest } from '../../services/latest.ts';
import { runs } from '../../store/collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { rollUpProgress } from '../../store/insight/insight-collections.ts';
import type { Store, WorkspaceStore } from '../../store/port.ts';
import type { Workspaces } from '../../store/workspaces.ts';
import { ROLLED_FIELDS } from '../figures/count-run.ts';
import { type ChangedDays, createHourMemory, type HourMemory, type MarkedRun, READ_AT_ONCE, replaceDays } from './hour-memory.ts';
import { hourOf } from './roll-up-records.ts';

/*
 * Keeps roll-ups up to date (S86). Owns when; hour-memory.ts owns what. Invariants: 1. A mark is cleared only after the figures with its run
 * are on disk, so a crash at any point only repeats work. 2. One process does this, by a lease; a second one that believes to hold it loses
 * each compare-and-set.
 */

/** With the time until another process takes over, figures are at most 30 s late. */
const EVERY_MS = 5_000;
/** How long a pass spends on runs of earlier versions. */
const BACKFILL_MS = 1_000;
const PROGRESS = 'runs';

export interface RollUpJobParts {
  readonly stores: Store;
  readonly workspaces: Workspaces;
  readonly lease: JobLease;
  readonly now: () => Date;
  /** Monotonic, in ms. */
  readonly elapsed: () => number;
  readonly report: (problem: string, error: unknown) => void;
}

export function createRollUpJob({ stores, workspaces, lease, now, elapsed, report }: RollUpJobParts) {
  const stop = new AbortController();
  const memories = new Map<string, HourMemory>();
  const memoryOf = (workspaceId: string): HourMemory => {
    const memory = memories.get(workspaceId) ?? createHourMemory(stores.in(workspaceId), workspaceId);
    memories.set(workspaceId, memory);
    return memory;
  };
  const mayGoOn = async (): Promise<boolean> => !stop.signal.aborted && (await lease.hold());

  const pass = latest(async () => {
    for (const workspaceId of await workspaces()) {
      if (!(await mayGoOn())) return memories.clear();
      await rollUpMarked(stores.in(workspaceId), memoryOf(workspaceId), mayGoOn);
      const until = elapsed() + BACKFILL_MS;
      await backfill({ store: stores.in(workspaceId), workspaceId, memory: memoryOf(workspaceId), now }, async () => elapsed() < until && (await mayGoOn()));
    }
  });
  const soon = (): void => void pass().catch((error: unknown) => report('Rolling up runs failed; retrying', error));

  return {
    /** Rolls up everything that is marked now. */
    work: pass,
    start: (): void => {
      const timer = setInterval(soon, EVERY_MS).unref();
      stop.signal.addEventListener('abort', () => clearInterval(timer));
      soon();
    },
    stop: async (): Promise<void> => {
      stop.abort();
      await pass().catch(() => {});
      await lease.release().catch(() => {});
    },
  };
}

type MayGoOn = () => Promise<boolean>;

async function rollUpMarked(store: WorkspaceStore, memory: HourMemory, mayGoOn: MayGoOn): Promise<void> {
  do {
    const { items } = await store.find(runs, {
      range: { field: 'unrolled', from: '' },
      order: { field: 'unrolled' },
      fields: ROLLED_FIELDS,
      limit: READ_AT_ONCE,
      aside: true,
    });
    const marked = items.filter((run): run is typeof run & MarkedRun => typeof run.unrolled === 'string');
    const done = await memory.add(marked);
    await store.clearMarks(
      runs,
      'unrolled',
      done.map(({ id, unrolled }) => ({ id, value: unrolled })),
    );
    memory.cleared(done);
    if (items.length < READ_AT_ONCE || done.length === 0) return;
    await othersFirst();
  } while (await mayGoOn());
}

interface Backfill {
  readonly store: WorkspaceStore;
  readonly workspaceId: string;
  readonly memory: HourMemory;
  readonly now: () => Date;
}

/** Rolls up the hours of runs that ended before runs were marked, oldest first. Continues where the previous pass ended. */
async function backfill({ store, workspaceId, memory, now }: Backfill, mayGoOn: MayGoOn): Promise<void> {
  const known = await store.get(rollUpProgress, PROGRESS);
  const progress = known ?? { id: PROGRESS, workspaceId, from: '', to: now().toISOString() };
  if (!known) await insertIfAbsent(store, rollUpProgress, progress);
  let { from } = progress;
  const days: ChangedDays = new Map();
  while (from !== null && (await mayGoOn())) {
    const { items } = await store.find(runs, {
      range: { field: 'createdAt', from, to: progress.to },
      order: { field: 'createdAt' },
      fields: ['createdAt'],
      limit: 1,
      aside: true,
    });
    const hour = items[0] && hourOf(items[0].createdAt);
    if (hour !== undefined) await memory.addHour(hour, days);
    from = hour === undefined ? null : new Date(Date.parse(hour) + 3_600_000).toISOString();
  }
  if (from === progress.from) return;
  await replaceDays(store, workspaceId, days);
  await store.update(rollUpProgress, PROGRESS, { from });
}
