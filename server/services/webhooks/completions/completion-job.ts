import { isEnded } from '@switchyard/shared/run/state.ts';
import { type Bus, POLL_MS } from '../../../engine/bus.ts';
import { runs } from '../../../store/collections.ts';
import type { WorkspaceStore } from '../../../store/port.ts';
import { type CompletionRecord, completions } from '../../../store/triggers/completion-collection.ts';
import type { Workspaces } from '../../../store/workspaces.ts';
import { isHeldAfterRestore } from '../../held-runs/held-records.ts';
import { latest } from '../../latest.ts';
import type { RunStarting } from '../../runs/accept-run.ts';
import { changeCompletion } from './completions.ts';
import { type SendParts, sendCompletion } from './send-completion.ts';

/*
 * Calls completion URLs. Invariants: 1. A run whose caller is to be told is marked (`endUntold`) in the write that ends it, and loses the mark
 * once an attempt is due, so a crash loses none. 2. An attempt is claimed by compare-and-set until after its time limit, so only one process
 * makes it. 3. All attempts have the same ID, the run’s, so the receiver can detect a duplicate.
 */

/** The time to the next attempt, by attempts made. After the last, the call has failed: after about two days. */
const RETRY_MS = [30_000, 60_000, 300_000, 900_000, 3_600_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000];
const PAGE = 50;
const MOST_AT_ONCE = 10;

export interface CompletionJobParts extends SendParts {
  readonly startingIn: (workspaceId: string) => RunStarting;
  readonly workspaces: Workspaces;
  readonly now: () => Date;
  readonly report: (problem: string, error: unknown) => void;
}

export function createCompletionJob(parts: CompletionJobParts) {
  const { startingIn, workspaces, now, report } = parts;
  const stop = new AbortController();
  const active = new Map<string, Promise<void>>();

  /** Claims an attempt, makes it, and records how it ended. */
  const attempt = async (context: RunStarting, due: CompletionRecord): Promise<void> => {
    const { store } = context;
    const wait = RETRY_MS[due.attempts];
    const dueAt = new Date(now().getTime() + (wait ?? RETRY_MS[0] ?? 0)).toISOString();
    const claimed = await changeCompletion(store, due, { attempts: due.attempts + 1, dueAt });
    const run = claimed && (await store.get(runs, due.id));
    if (!claimed) return;
    if (!run) return void (await store.delete(completions, due.id));
    const { isGone, ...last } = await sendCompletion(parts, context, claimed, run, stop.signal);
    const isOver = isGone || wait === undefined;
    const outcome = last.error === null ? ({ status: 'delivered', dueAt: null } as const) : isOver ? ({ status: 'failed', dueAt: null } as const) : {};
    await changeCompletion(store, claimed, { last, ...outcome });
  };
  const begin = (context: RunStarting, due: CompletionRecord): void => {
    const attempted = attempt(context, due)
      .catch((error: unknown) => {
        if (!stop.signal.aborted) report('Calling a completion URL failed; retrying', error);
      })
      .finally(() => {
        active.delete(due.id);
        if (!stop.signal.aborted && active.size === MOST_AT_ONCE - 1) soon();
      });
    active.set(due.id, attempted);
  };
  const pass = async (): Promise<void> => {
    for (const workspaceId of await workspaces()) {
      const context = startingIn(workspaceId);
      const { store } = context;
      await takeEnded(store, now);
      const { items } = await store.find(completions, { range: { field: 'dueAt', to: now().toISOString() }, order: { field: 'dueAt' }, limit: PAGE });
      if (items.length > 0 && (await isHeldAfterRestore(store))) continue;
      for (const due of items) {
        if (stop.signal.aborted || active.size >= MOST_AT_ONCE) return;
        if (!active.has(due.id)) begin(context, due);
      }
    }
  };
  const passOnce = latest(pass);
  const soon = (): void => void passOnce().catch((error: unknown) => report('Checking for completion URLs to call failed; retrying', error));
  return {
    /** Does everything that is due. For tests with their own clock. */
    work: async (): Promise<void> => {
      await passOnce();
      await Promise.all(active.values());
    },
    /** Runs when such a run ends, and every 10 s. */
    start: (bus: Bus): void => {
      const unsubscribe = bus.subscribe((message) => {
        if (message.kind === 'run-committed' && message.run.notifies && isEnded(message.status)) soon();
        if (message.kind === 'invalidate' && (message.what === 'triggers' || message.what === 'held-runs')) soon();
      });
      const timer = setInterval(soon, POLL_MS.workers).unref();
      stop.signal.addEventListener('abort', () => {
        unsubscribe();
        clearInterval(timer);
      });
      soon();
    },
    /** Stops immediately. Interrupted attempts are repeated. */
    stop: async (): Promise<void> => {
      stop.abort();
      await passOnce().catch(() => {});
      await Promise.all(active.values());
    },
  };
}

/** Makes the first attempt due for each marked run. */
async function takeEnded(store: WorkspaceStore, now: () => Date): Promise<void> {
  for (;;) {
    const { items } = await store.find(runs, { range: { field: 'endUntold', from: '' }, order: { field: 'endUntold' }, limit: PAGE });
    for (const { id } of items) {
      const known = await store.get(completions, id);
      if (known?.status === 'waiting' && !(await changeCompletion(store, known, { status: 'sending', dueAt: now().toISOString() }))) continue;
      await store.update(runs, id, { endUntold: null });
    }
    if (items.length < PAGE) return;
  }
}
