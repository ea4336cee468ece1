import { isAppError } from '@switchyard/shared/errors.ts';
import type { Collection, StoredRecord } from '../../store/port.ts';
import type { ServiceContext } from '../context.ts';

/** Inserts a run, or something that a run must learn of. See `writeForRun`. */
export const insertForRun = <T extends StoredRecord>(
  context: Pick<ServiceContext, 'engine' | 'store'>,
  collection: Collection<T>,
  record: T,
  runId: string,
): Promise<void> => writeForRun(context, runId, () => context.store.insert(collection, record));

/**
 * Writes for a run. If the database goes away in the middle, the outcome is unknown: the caller gets the error, and the
 * engine checks once the database is back. Otherwise, a run that was stored after all would do nothing until the next start.
 */
export async function writeForRun(context: Pick<ServiceContext, 'engine'>, runId: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (isAppError(error, 'not-ready') && !error.beforeEffect) context.engine.wake(runId);
    throw error;
  }
}
