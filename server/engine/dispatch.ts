/*
 * How runs reach a process that drives them. An offer is only a hint and may be lost: workers also poll the store
 * for runs without an owner.
 */

export interface Dispatch {
  /** This process drives runs. */
  readonly drives: boolean;
  /** How many runs it drives at once. */
  readonly slots: number;
  /** Asks all workers to look at a run. `seq` distinguishes offers of the same run. */
  offer(runId: string, seq: number): void;
  /** A slot is free again. */
  freed(): void;
}
