import { isAppError } from '@switchyard/shared/errors.ts';
import type { Collection, StoredRecord } from '../../store/port.ts';
import type { ServiceContext } from '../context.ts';

/**
 * Inserts a run, or something that a run must learn of. Where the database goes away in the middle, nobody knows whether it was written: the caller is told
 * so, and the engine looks when the database is back, or else a run that is there after all would lie still until the next start.
 */
export async function insertForRun<T extends StoredRecord>(context: ServiceContext, collection: Collection<T>, record: T, runId: string): Promise<void> {
  try {
    await context.store.insert(collection, record);
  } catch (error) {
    if (isAppError(error, 'not-ready') && !error.beforeEffect) context.engine.wake(runId);
    throw error;
  }
}
