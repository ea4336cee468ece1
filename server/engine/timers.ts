import { signalId } from '@switchyard/shared/run/address.ts';
import type { Wait } from '@switchyard/shared/run/events.ts';
import { openSteps, type RunState } from '@switchyard/shared/run/state.ts';
import type { AcceptedRun, EnginePorts } from './ports.ts';

/*
 * Wakes waiting runs when one of their waits is due. Due times are in the journal; this remembers when to check.
 * Delays and backoff measure elapsed time from the moment this process first saw the wait, so changing the clock does not affect them. Due
 * times of reviews, and delays until a time, follow the wall clock (S88).
 */

export interface Timers {
  /** Wakes the run when the first wait of this state is due. */
  watch(runId: string, state: RunState): void;
  /** The same for a run known only by its record. */
  watchUntil(runId: string, wakeAt: string): void;
  /** Wakes the run after `ms`, whatever it waits for. */
  wakeIn(runId: string, ms: number): void;
  /** Turns due waits into signals: the first insert decides (S17). Returns how many waits were due. */
  fireDue(run: AcceptedRun, state: RunState): Promise<number>;
  stop(): void;
}

interface Watched {
  /** When this process first learned of the run's waits, on both clocks. */
  readonly since: { readonly now: number; readonly elapsed: number };
  /** When waits that measure elapsed time end, by wait ID, on the monotonic clock. */
  deadlines: Map<string, number>;
  /** The earliest due time on the wall clock. */
  wallDue: number | undefined;
  elapsedDue: number | undefined;
  stop: () => void;
}

type TimedWait = Extract<Wait, { dueAt?: string }> & { readonly dueAt: string };

export function createTimers(ports: EnginePorts, wake: (runId: string) => void): Timers {
  const watched = new Map<string, Watched>();
  let stopped = false;

  const entryOf = (runId: string): Watched => {
    const known = watched.get(runId);
    if (known) return known;
    const since = { now: ports.now(), elapsed: ports.elapsed() };
    const entry: Watched = { since, deadlines: new Map(), wallDue: undefined, elapsedDue: undefined, stop: () => {} };
    watched.set(runId, entry);
    return entry;
  };

  const arm = (runId: string, entry: Watched): void => {
    entry.stop();
    const left = [entry.wallDue && entry.wallDue - ports.now(), entry.elapsedDue && entry.elapsedDue - ports.elapsed()].filter((ms) => ms !== undefined);
    if (stopped || left.length === 0) return;
    entry.stop = ports.after(Math.max(0, Math.min(...left)), () => wake(runId));
  };

  const stopClock = ports.onClockSet(() => {
    for (const [runId, entry] of watched) if (entry.wallDue !== undefined) arm(runId, entry);
  });

  return {
    watch: (runId, state) => {
      const waits = timedWaits(state);
      if (waits.length === 0) {
        watched.get(runId)?.stop();
        watched.delete(runId);
        return;
      }
      const entry = entryOf(runId);
      const spans = waits.filter((wait) => !followsWallClock(wait));
      entry.deadlines = new Map(spans.map((wait) => [wait.id, deadlineOf(entry, wait, ports)]));
      entry.elapsedDue = least([...entry.deadlines.values()]);
      entry.wallDue = least(waits.filter(followsWallClock).map((wait) => Date.parse(wait.dueAt)));
      arm(runId, entry);
    },
    watchUntil: (runId, wakeAt) => {
      const entry = entryOf(runId);
      entry.wallDue = Date.parse(wakeAt);
      entry.elapsedDue = entry.since.elapsed + entry.wallDue - entry.since.now;
      arm(runId, entry);
    },
    wakeIn: (runId, ms) => {
      const entry = entryOf(runId);
      entry.stop();
      if (!stopped) entry.stop = ports.after(ms, () => wake(runId));
    },
    fireDue: async (run, state) => {
      const entry = watched.get(run.runId);
      let due = 0;
      for (const wait of timedWaits(state)) {
        const left = followsWallClock(wait) ? Date.parse(wait.dueAt) - ports.now() : deadlineOf(entry, wait, ports) - ports.elapsed();
        if (left > 0) continue;
        due++;
        const id = signalId(run.runId, wait.id);
        await ports.insertSignal(run, { id, runId: run.runId, kind: 'timer', waitId: wait.id, value: null, actor: { kind: 'system', id: 'timer' } });
      }
      return due;
    },
    stop: () => {
      stopped = true;
      stopClock();
      for (const { stop } of watched.values()) stop();
      watched.clear();
    },
  };
}

const followsWallClock = (wait: TimedWait): boolean =>
  wait.kind === 'review' || wait.kind === 'callback' || wait.kind === 'budget' || (wait.kind === 'timer' && wait.wallClock === true);

function timedWaits(state: RunState): TimedWait[] {
  if (state.waitingCount === 0) return [];
  return [...openSteps(state)].flatMap(({ status, wait }) => (status === 'waiting' && wait && 'dueAt' in wait && wait.dueAt ? [wait as TimedWait] : []));
}

/**
 * When a delay ends on the monotonic clock. For a delay that began before this process, the wall clock decided when this process first saw
 * it.
 */
function deadlineOf(entry: Watched | undefined, wait: TimedWait, ports: Pick<EnginePorts, 'now' | 'elapsed'>): number {
  const known = entry?.deadlines.get(wait.id);
  if (known !== undefined) return known;
  const isOld = entry !== undefined && entry.deadlines.size === 0 && entry.elapsedDue !== undefined;
  const since = isOld ? entry.since : { now: ports.now(), elapsed: ports.elapsed() };
  return since.elapsed + Date.parse(wait.dueAt) - since.now;
}

const least = (values: readonly number[]): number | undefined => (values.length > 0 ? Math.min(...values) : undefined);
