import type { StepState } from '@switchyard/shared/run/state.ts';
import type { AcceptedRun, EnginePorts } from './ports.ts';

/** The real values behind what the journal keeps by reference, for as long as a driver has the run in hand. */
export interface RunValues {
  /** Output of a step; must be loaded. */
  outputOf(step: StepState): unknown;
  /** Remembers a value that was just made, so that it need not be loaded. */
  remember(stepId: string, value: unknown): void;
  /** Loads what is missing; undefined when nothing is. */
  load(steps: readonly StepState[]): Promise<void> | undefined;
}

export function createRunValues(ports: EnginePorts, run: AcceptedRun): RunValues {
  const loaded = new Map<string, unknown>();
  return {
    outputOf: (step) => (loaded.has(step.id) ? loaded.get(step.id) : step.output),
    remember: (stepId, value) => loaded.set(stepId, value),
    load: (steps) => {
      const missing = steps.filter((step) => !loaded.has(step.id) && ports.isReference(step.output));
      if (missing.length === 0) return undefined;
      return Promise.all(missing.map(async (step) => loaded.set(step.id, await ports.load(run, step.output)))).then(() => undefined);
    },
  };
}
