import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { OVER_COST, type SpendLimit } from '@switchyard/shared/evaluation/stand-ins.ts';
import type { Reservation, SpendingAttempt } from '../../models/spending.ts';
import { type BudgetRecord, budgetPeriods } from '../../store/money-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import type { BudgetLedger } from './budget-ledger.ts';

/*
 * The limit of an experiment or a replay (S82): a budget that only its calls see, with one document. So the money of calls in progress is reserved
 * over any number of processes, a restart loses none of what was spent, and a limit that is raised counts from what was spent before.
 */

/** How long a call waits for those in progress to settle. */
const WAIT_MS = 120_000;

/** Reserves what a call can cost. Throws `stopped` if that is more than the rest. A model without a price can’t be limited. */
export function reserveWithin(ledger: BudgetLedger, limit: SpendLimit, attempt: SpendingAttempt): Promise<Reservation> {
  // Without the place, one document has all calls, of whatever run.
  return ledger.reserve([budgetOf(limit, attempt.workspaceId)], { ...attempt, place: undefined }, WAIT_MS).catch((thrown: unknown) => {
    if (!isAppError(thrown, 'budget-exceeded')) throw thrown;
    const message = 'The cost limit is reached: this call could cost more than the rest.';
    throw new AppError('stopped', message, { beforeEffect: true, details: { why: OVER_COST } });
  });
}

/** Forgets what was spent of a limit that no call uses anymore. */
export const endLimit = async (store: WorkspaceStore, { id }: SpendLimit): Promise<void> => void (await store.delete(budgetPeriods, `limit_${id}::`));

const budgetOf = ({ id, micros }: SpendLimit, workspaceId: string): BudgetRecord => ({
  id: `limit_${id}`,
  workspaceId,
  scope: { kind: 'workspace' },
  period: 'run',
  hardMicros: micros,
  assumedPrice: { input: 0, output: 0 },
  revision: 1,
  createdAt: '',
  updatedAt: '',
  actor: { kind: 'system', id: 'limit' },
});
