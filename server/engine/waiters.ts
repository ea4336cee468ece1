import { isEnded, openSteps, type RunState, type StepState } from '@switchyard/shared/run/state.ts';
import type { Settled } from './engine-api.ts';
import type { EnginePorts } from './ports.ts';

/* Callers that wait for a run. They are notified after each commit, never before (S18). */

interface Waiter {
  /** What to tell the caller about this state; undefined keeps it waiting. `resting`: the waits for child runs that don’t end on their own. */
  readonly look: (state: RunState, resting: ReadonlySet<string>) => Settled | undefined;
  readonly resolve: (settled: Settled) => void;
}

export interface Waiters {
  add(runId: string, limitMs: number, look: Waiter['look']): Promise<Settled>;
  has(runId: string): boolean;
  notify(runId: string, state: RunState, resting?: ReadonlySet<string>): void;
  /** Resolves current and future waiters as timed out. */
  close(): void;
}

const NONE: ReadonlySet<string> = new Set();

export function createWaiters(ports: Pick<EnginePorts, 'after'>): Waiters {
  const byRun = new Map<string, Set<Waiter>>();
  let closed = false;
  const remove = (runId: string, waiter: Waiter): void => {
    const waiters = byRun.get(runId);
    waiters?.delete(waiter);
    if (waiters?.size === 0) byRun.delete(runId);
  };
  return {
    add: (runId, limitMs, look) =>
      new Promise((resolve) => {
        if (closed) return resolve({ kind: 'deadline' });
        const stop = ports.after(limitMs, () => {
          remove(runId, waiter);
          resolve({ kind: 'deadline' });
        });
        const waiter: Waiter = {
          look,
          resolve: (settled) => {
            stop();
            remove(runId, waiter);
            resolve(settled);
          },
        };
        const waiters = byRun.get(runId) ?? new Set();
        byRun.set(runId, waiters.add(waiter));
      }),
    has: (runId) => byRun.has(runId),
    notify: (runId, state, resting = NONE) => {
      for (const waiter of [...(byRun.get(runId) ?? [])]) {
        const settled = waiter.look(state, resting);
        if (settled) waiter.resolve(settled);
      }
    },
    close: () => {
      closed = true;
      for (const waiter of [...byRun.values()].flatMap((waiters) => [...waiters])) waiter.resolve({ kind: 'deadline' });
    },
  };
}

const endedIn = (state: RunState): Settled | undefined =>
  isEnded(state.status) ? { kind: 'ended', status: state.status, error: state.error ?? null } : undefined;

/**
 * Tells whether a step continues on its own while a caller waits. Due times come from the clock of another process, so this one measures
 * the length of a wait from when it first sees it.
 */
export type ContinuesInTime = (step: StepState, resting: ReadonlySet<string>) => boolean;

export function continuesWithin(ports: Pick<EnginePorts, 'elapsed'>, limitMs: number): ContinuesInTime {
  const deadline = ports.elapsed() + limitMs;
  const ends = new Map<string, number>();
  return ({ wait, waitingSince }, resting) => {
    if (wait?.kind === 'run') return !resting.has(wait.id);
    if ((wait?.kind !== 'timer' && wait?.kind !== 'retry') || waitingSince === undefined) return false;
    const end = ends.get(wait.id) ?? ports.elapsed() + Date.parse(wait.dueAt) - Date.parse(waitingSince);
    ends.set(wait.id, end);
    return end <= deadline;
  };
}

/** Settles once the run has ended, or cannot progress on its own in time. */
export function restingIn(state: RunState, continues: ContinuesInTime, resting = NONE): Settled | undefined {
  if (state.status !== 'waiting') return endedIn(state);
  for (const step of openSteps(state)) if (step.status === 'waiting' && continues(step, resting)) return undefined;
  return { kind: 'waiting' };
}

/** Settles on a reply, the end, or a wait that does not end on its own in time (S23). */
export const settledIn = (state: RunState, continues: ContinuesInTime, resting = NONE): Settled | undefined =>
  state.reply ? { kind: 'reply', reply: state.reply } : restingIn(state, continues, resting);
