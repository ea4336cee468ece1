import type { Run } from '@switchyard/shared/contracts/runs.ts';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { cancelSignalId } from '@switchyard/shared/run/address.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { type SignalRecord, signals } from '../../store/collections.ts';
import { actorOf } from '../caller.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { getRun, getRunRecord } from './get-run.ts';
import { insertForRun } from './insert-for-run.ts';

/** How long to wait for a cancel. Aborted sockets close faster. */
const CANCEL_WAIT_MS = 1_000;

/**
 * Cancels a run: the request is on disk first, then the engine aborts running steps. The returned run is `cancelled` if it has
 * stopped already, and otherwise still stopping. Throws `run-ended` if it ended in another way.
 */
export async function cancelRun(context: ServiceContext, id: string, reason?: string): Promise<Run> {
  const record = await getRunRecord(context, id);
  if (!isEnded(record.status)) {
    await insertCancel(context, id, reason);
    context.engine.wake(id);
    await context.engine.ended(id, CANCEL_WAIT_MS);
  }
  const run = await getRun(context, id);
  if (isEnded(run.status) && run.status !== 'cancelled') {
    throw new AppError('run-ended', `The run has already ${run.status}.`, { details: { status: run.status, endedAt: run.endedAt } });
  }
  return run;
}

/** Canceling twice is the same as once. */
async function insertCancel(context: ServiceContext, runId: string, reason: string | undefined): Promise<void> {
  try {
    const signal: SignalRecord = {
      id: cancelSignalId(runId),
      workspaceId: context.workspaceId,
      runId,
      kind: 'cancel',
      waitId: null,
      value: reason === undefined ? {} : { reason },
      at: timestamp(context),
      actor: actorOf(context.caller),
      moved: 0,
    };
    await insertForRun(context, signals, signal, runId);
  } catch (error) {
    if (!isAppError(error, 'already-exists')) throw error;
  }
}
