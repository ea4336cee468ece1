import { toAppError } from '@switchyard/shared/errors.ts';
import type { AcceptedRun, EnginePorts } from '../ports.ts';

/*
 * Which graphs may run before their run is on disk (S40). A graph that crashes the process would leave no trace, so the first pure part of
 * each graph is a trial: its hash is noted on disk and the note is deleted afterwards. A note that still exists means the process died in
 * the trial. Such a graph is suspect: its runs are accepted first, so their crashes are counted (S29a).
 */

export interface PureTrials {
  /** Whether the run may begin with its pure part. */
  allows(run: AcceptedRun): Promise<boolean>;
  /** The pure part is over and the process is alive. */
  passed(run: AcceptedRun): void;
}

/** How many graphs are remembered. A forgotten one gets another trial. */
const REMEMBERED = 5_000;

export function createPureTrials(ports: Pick<EnginePorts, 'beginTrial' | 'endTrial' | 'report'>): PureTrials {
  const harmless = new Set<string>();
  /** By graph: a trial in progress, or one that found the graph suspect. */
  const trials = new Map<string, Promise<boolean>>();
  const begin = (run: AcceptedRun): Promise<boolean> => {
    const trial = ports.beginTrial(run);
    if (trials.size >= REMEMBERED) trials.clear();
    trials.set(run.graphHash, trial);
    // The store was unavailable: the next run tries again.
    trial.catch(() => trials.delete(run.graphHash));
    return trial;
  };
  return {
    allows: async (run) => harmless.has(run.graphHash) || (trials.get(run.graphHash) ?? begin(run)),
    passed: (run) => {
      if (harmless.has(run.graphHash)) return;
      if (harmless.size >= REMEMBERED) harmless.clear();
      harmless.add(run.graphHash);
      trials.delete(run.graphHash);
      ports.endTrial(run).catch((error) => ports.report('Ending trial failed', { runId: run.runId, error: toAppError(error) }));
    },
  };
}
