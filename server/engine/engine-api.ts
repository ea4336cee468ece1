import type { ErrorData } from '@switchyard/shared/errors.ts';
import type { Reply } from '@switchyard/shared/run/events.ts';
import type { RunState, RunStatus } from '@switchyard/shared/run/state.ts';
import type { AcceptedRun, InsertRun } from './ports.ts';

/** How far a run has come, for a caller that waits for its response. */
export type Settled =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'ended'; readonly status: RunStatus; readonly error: ErrorData | null }
  /** It waits for a person or a callback, or longer than the deadline. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'deadline' };

export interface Engine {
  /** Drives an accepted run, or tells its driver that a signal has arrived. Returns at once. Pass the run if it is already loaded. */
  wake(runId: string, accepted?: AcceptedRun): void;
  /**
   * Starts a run that a caller waits for: its pure part runs first, then record and journal are inserted in one commit (S40). Rejects as
   * `insert` does, and then no run exists. Resolves with the committed state, or `undefined` if more was recorded since.
   */
  begin(run: AcceptedRun, insert: InsertRun): Promise<RunState | undefined>;
  /** Resolves when the run has a committed response, has ended, waits for a person or a callback, or `deadlineMs` have passed. */
  settled(runId: string, deadlineMs: number, committed?: RunState): Promise<Settled>;
  /** Resolves when the run has ended, waits for a person or a callback, or `waitMs` have passed. */
  ended(runId: string, waitMs: number): Promise<void>;
  /** Start-up: recovers queued and running runs with bounded concurrency, arms the timers of waiting ones, and moves signals that are not in a journal yet (S19). */
  recover(): Promise<void>;
  /** Claims and drives a run that another process offered. False if no slot is free. */
  take(runId: string): boolean;
  /** Wakes many runs, a hundred at a time. */
  wakeAll(runIds: readonly string[]): void;
  /** Wakes the waiting runs that are due or have signals: a kill switch that held them was undone (S64). */
  wakeHeld(): Promise<void>;
  /** Limits or priorities of workflows changed: starts the queued runs that may start now. */
  lookAtQueue(): void;
  /** Starts nothing new, lets running steps finish, hands off the rest after `limitMs`, and then resolves all waiters. */
  shutdown(limitMs: number): Promise<void>;
  /** The owner that the record of a new run must name; null if it must be queued, undefined if records name no owner. */
  ownerOfNew(): string | null | undefined;
  /** Runs that are driven or wait for a driver. */
  load(): number;
  /** Active runs with their running steps: `run_1 (draft#1)`. */
  running(): string[];
  /** Unfinished runs from before the start that wait for their turn. */
  queued(): number;
}
