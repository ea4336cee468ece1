import type { Driver } from './drive.ts';

/** The active runs and their drivers. */
export interface ActiveDrivers {
  readonly size: number;
  has(runId: string): boolean;
  /** `undefined` while the run is loading. */
  get(runId: string): Driver | undefined;
  /** Run IDs with their drivers. */
  entries(): [string, Driver | undefined][];
}

export interface DriverTable extends ActiveDrivers {
  set(runId: string, driver: Driver | undefined): void;
  delete(runId: string): void;
}

/**
 * Keeps each driver in a slot that is emptied when its run leaves. A busy Map is copied every few dozen runs, and V8 promotes the copies it
 * leaves behind to the old generation, with everything they refer to: without slots, most drivers and run states would survive their run.
 */
export function createDriverTable(): DriverTable {
  const slots = new Map<string, { driver: Driver | undefined }>();
  return {
    get size() {
      return slots.size;
    },
    has: (runId) => slots.has(runId),
    get: (runId) => slots.get(runId)?.driver,
    entries: () => [...slots].map(([runId, { driver }]) => [runId, driver]),
    set: (runId, driver) => {
      const slot = slots.get(runId);
      if (slot) slot.driver = driver;
      else slots.set(runId, { driver });
    },
    delete: (runId) => {
      const slot = slots.get(runId);
      if (slot) slot.driver = undefined;
      slots.delete(runId);
    },
  };
}
