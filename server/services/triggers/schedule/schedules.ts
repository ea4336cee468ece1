import { isoTime } from '@switchyard/shared/iso-time.ts';
import { type Bus, POLL_MS } from '../../../engine/bus.ts';
import { findAll } from '../../../store/find-all.ts';
import { triggers } from '../../../store/triggers/trigger-collections.ts';
import type { Workspaces } from '../../../store/workspaces.ts';
import { isHeldAfterRestore } from '../../held-runs/held-records.ts';
import { latest } from '../../latest.ts';
import type { RunStarting } from '../../runs/accept-run.ts';
import { fireSchedule } from './fire-schedule.ts';

/*
 * Fires schedules when they are due, in every process that drives runs: fire-schedule.ts makes sure that each due time starts once. Sleeps
 * until the next due time, at most 10 s, so a clock that was set and a change in another process are noticed by then.
 */

/** While a due time waits, and after an error. */
const AGAIN_MS = 1_000;

export interface ScheduleParts {
  readonly startingIn: (workspaceId: string) => RunStarting;
  readonly workspaces: Workspaces;
  readonly now: () => Date;
  readonly report: (problem: string, error: unknown) => void;
}

export function createSchedules({ startingIn, workspaces, now, report }: ScheduleParts) {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  /** Fires what is due. Returns how long to sleep. */
  const pass = async (): Promise<number> => {
    let sleep = POLL_MS.workers as number;
    for (const workspaceId of await workspaces()) {
      const context = startingIn(workspaceId);
      const { store } = context;
      const due = await findAll(store, triggers, { range: { field: 'dueAt', to: isoTime(now().getTime()) }, order: { field: 'dueAt' } });
      if (due.length > 0 && (await isHeldAfterRestore(store))) continue;
      for (const trigger of due) {
        if (isStopped) return sleep;
        const moved = await fireSchedule(context, trigger).catch((error: unknown) => {
          report(`Firing schedule ${trigger.id} failed; retrying`, error);
          return false;
        });
        if (!moved) sleep = Math.min(sleep, AGAIN_MS);
      }
      const next = await store.find(triggers, { range: { field: 'dueAt', from: isoTime(now().getTime() + 1) }, order: { field: 'dueAt' }, limit: 1 });
      const nextAt = next.items[0]?.dueAt;
      if (nextAt) sleep = Math.min(sleep, Math.max(0, Date.parse(nextAt) - now().getTime()));
    }
    return sleep;
  };
  const work = latest(async () => {
    clearTimeout(timer);
    const sleep = await pass();
    if (!isStopped) timer = setTimeout(soon, sleep).unref();
  });
  const soon = (): void =>
    void work().catch((error: unknown) => {
      report('Reading schedules failed; retrying', error);
      if (!isStopped) timer = setTimeout(soon, AGAIN_MS).unref();
    });
  let unsubscribe = (): void => {};
  return {
    /** Fires what is due. For tests with their own clock. */
    work: async (): Promise<void> => void (await pass()),
    start: (bus: Bus): void => {
      unsubscribe = bus.subscribe((message) => {
        if (message.kind === 'invalidate' && (message.what === 'triggers' || message.what === 'held-runs')) soon();
      });
      soon();
    },
    stop: async (): Promise<void> => {
      isStopped = true;
      unsubscribe();
      clearTimeout(timer);
      await work().catch(() => {});
    },
  };
}
