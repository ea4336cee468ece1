import { inFlight, type RunState } from '@switchyard/shared/run/state.ts';
import type { EnginePorts } from '../ports.ts';

/*
 * Finds the run that crashes the process (S29a). Runs that were active at a crash are driven one after another, each marked on disk until
 * it commits an event of its own or its time is up. If the process dies meanwhile, the marked run is charged.
 * Invariants: 1. At most one run is marked. 2. A run is loaded and driven only after its mark is on disk.
 */

/** How long a run stays marked, by how often it was interrupted without progress. */
const SHORT_MS = 250;
/** After two crashes that no mark explained, one event isn't enough: the run must make progress, or stay alive for this long. */
const LONG_MS = [5_000, 30_000] as const;

export interface Probation {
  /** Resolves when the run is marked and may be loaded. False if the engine stops. */
  enter(runId: string): Promise<boolean>;
  /** The run is about to be driven. The `openingEvents` are not its own progress. */
  begin(runId: string, state: RunState, openingEvents: number): void;
  /** Events of the run are on disk. */
  committed(runId: string, state: RunState): void;
  /** No driver has the run any more. */
  leave(runId: string): void;
  /** Admits no more runs. */
  stop(): void;
}

interface OnTrial {
  readonly runId: string;
  /** The run passes once its journal is longer than this. */
  passesAfter: number;
  mustGetFurther: boolean;
  stopTimer: () => void;
}

const windowOf = (restarts: number): number => (restarts < 2 ? SHORT_MS : (LONG_MS[restarts - 2] ?? LONG_MS[1]));

export function createProbation(ports: Pick<EnginePorts, 'after' | 'ownership' | 'report'>): Probation {
  let onTrial: OnTrial | undefined;
  let queue: { readonly runId: string; readonly resolve: (entered: boolean) => void }[] = [];
  let stopped = false;

  const next = (): void => {
    onTrial?.stopTimer();
    const first = queue.shift();
    onTrial = first && { runId: first.runId, passesAfter: Number.POSITIVE_INFINITY, mustGetFurther: false, stopTimer: () => {} };
    const runId = first?.runId ?? null;
    ports.ownership.mark(runId).then(
      () => first?.resolve(true),
      (error) => {
        if (first) ports.report('Marking a run for probation failed', { runId: first.runId, error });
        first?.resolve(true);
      },
    );
  };

  return {
    enter: (runId) =>
      new Promise((resolve) => {
        if (stopped) return resolve(false);
        queue.push({ runId, resolve });
        if (!onTrial) next();
      }),
    begin: (runId, state, openingEvents) => {
      if (onTrial?.runId !== runId) return;
      const restarts = state.restarts + (inFlight(state).length > 0 ? 1 : 0);
      onTrial.passesAfter = state.seq + openingEvents;
      onTrial.mustGetFurther = restarts >= 2;
      onTrial.stopTimer = ports.after(windowOf(restarts), next);
    },
    committed: (runId, state) => {
      if (onTrial?.runId !== runId || state.seq <= onTrial.passesAfter) return;
      if (!onTrial.mustGetFurther || state.restarts === 0) next();
    },
    leave: (runId) => {
      if (onTrial?.runId === runId) next();
    },
    stop: () => {
      stopped = true;
      for (const { resolve } of queue) resolve(false);
      queue = [];
    },
  };
}
