import { DataMap } from './data-map.ts';
import type { ScopeData } from './scope.ts';

/** The names that expressions can use, ready for CEL. Make one per step and use it for all its expressions. */
export interface Scope {
  readonly data: ScopeData;
  readonly values: DataMap;
}

/** Wraps the data without converting it; members are converted when an expression first asks for them, and then kept. */
export const createScope = (data: ScopeData): Scope => ({ data, values: new DataMap(data as unknown as Record<string, unknown>) });
