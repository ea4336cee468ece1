import { DataMap } from './data-map.ts';
import { createStepMeter, type StepMeter } from './metering/meter.ts';
import type { ScopeData } from './scope.ts';

/** The names that expressions can use, ready for CEL. Create one per step and use it for all its expressions. */
export interface Scope {
  readonly data: ScopeData;
  readonly values: DataMap;
  /** Counts the work of all expressions that use this scope. */
  readonly meter: StepMeter;
  /** What `uuid()` derives its values from: the run and the step. Undefined outside of runs. */
  readonly step: string | undefined;
}

/** Wraps the data without converting it. Members are converted and cached when an expression first reads them. */
export const createScope = (data: ScopeData, step?: string): Scope => ({
  data,
  values: new DataMap(data as unknown as Record<string, unknown>),
  meter: createStepMeter(),
  step,
});
