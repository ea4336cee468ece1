import type { RunState } from '@switchyard/shared/run/state.ts';
import type { JournalWriter } from './journal-writer.ts';
import type { Plan, PlanNode } from './plan.ts';
import type { AcceptedRun, EnginePorts } from './ports.ts';
import type { StandInDesk } from './stand-ins/desk.ts';
import type { Task } from './steps/durable-calls.ts';
import type { RunValues } from './values.ts';

/** A step that this driver is running now. */
export interface RunningTask extends Task {
  readonly node: PlanNode;
  timedOut: boolean;
  stopTimer: () => void;
}

/** What the parts of a driver share. */
export interface DriverContext {
  readonly ports: EnginePorts;
  readonly run: AcceptedRun;
  readonly plan: Plan;
  readonly state: RunState;
  /** Wakes another run. */
  wake(runId: string): void;
  readonly writer: JournalWriter;
  readonly values: RunValues;
  readonly tasks: Map<string, RunningTask>;
  /** Set if recorded responses replace its calls (S82). */
  readonly desk: StandInDesk | undefined;
  /** Decides again. */
  advance(): void;
  /** Makes no decisions until the work is done. If it fails, the run fails. */
  pauseUntil(work: Promise<unknown>): void;
  /** `apply`: signals that arrived before their wait. `read`: also those that may have arrived since. */
  signals(): { apply(): void; read(): void };
}

/** Removes a task from the running ones. */
export function closeTask(driver: DriverContext, task: RunningTask): void {
  task.stopTimer();
  driver.tasks.delete(task.stepId);
}

/** Aborts a task and discards its result. */
export function abandonTask(driver: DriverContext, task: RunningTask, why: Error): void {
  task.live = false;
  task.cancellation.request(why);
  closeTask(driver, task);
}

export function closeReviews(driver: DriverContext, ids: readonly string[]): void {
  // A run with stand-ins has none.
  if (ids.length > 0 && !driver.desk) driver.pauseUntil(driver.ports.closeReviews(driver.run, ids));
}
