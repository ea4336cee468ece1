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
 * Keeps each driver in a slot that is emptied when its run leaves. V8 copies a busy Map every few dozen runs and promotes the discarded copies
 * to the old generation, with everything they refer to. Without slots, most drivers and run states would outlive their run.
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
