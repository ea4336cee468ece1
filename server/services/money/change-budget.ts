import type { Budget } from '@switchyard/shared/contracts/money.ts';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { isoTime } from '@switchyard/shared/iso-time.ts';
import type { Actor } from '@switchyard/shared/run/actor.ts';
import { type BudgetRecord, budgets } from '../../store/money-collections.ts';
import type { Store } from '../../store/port.ts';
import { recordChange } from '../changes/record-change.ts';
import type { Changes } from '../context.ts';

const ATTEMPTS = 5;

export interface ChangeParts {
  readonly stores: Store;
  readonly now: () => Date;
  readonly changed: Pick<Changes, 'budgets'>;
}

export interface BudgetChange {
  readonly workspaceId: string;
  readonly id: string;
  readonly actor: Actor;
  readonly reason: string | undefined;
}

export const budgetView = ({ workspaceId: _workspace, actor: _actor, revision: _revision, ...budget }: BudgetRecord): Budget => budget;

/**
 * Changes a budget by compare-and-set, with a record of the change (S68). `intend` returns undefined to leave it as it is; it is called again
 * if another change won. Throws `not-found`.
 */
export async function changeBudget(
  { stores, now, changed }: ChangeParts,
  { workspaceId, id, actor, reason }: BudgetChange,
  intend: (record: BudgetRecord) => Promise<Partial<BudgetRecord> | undefined>,
): Promise<BudgetRecord> {
  const store = stores.in(workspaceId);
  for (let attempt = 1; ; attempt++) {
    const record = await store.get(budgets, id);
    if (!record) throw new AppError('not-found', `Budget “${id}” not found.`);
    const changes = await intend(record);
    if (!changes) return record;
    const revision = record.revision + 1;
    const next = { ...changes, revision, updatedAt: isoTime(now().getTime()) };
    const views = { before: budgetView(record), after: budgetView({ ...record, ...changes }) };
    const change = { workspaceId, actor, subject: { kind: 'budget', id }, action: 'update', ...views, reason, revision } as const;
    try {
      const result = await recordChange({ stores, now }, change, () => store.update(budgets, id, next, { equal: { revision: record.revision } }));
      changed.budgets(workspaceId);
      return result;
    } catch (thrown) {
      if (!isAppError(thrown, 'revision-conflict') || attempt === ATTEMPTS) throw thrown;
    }
  }
}

/**
 * Raises the hard limit of a budget, unless it is at least that high already. With `revision`, only if the budget still has it. Returns the
 * budget as it is then, or undefined if it was deleted.
 */
export async function raiseBudget(
  parts: ChangeParts,
  about: BudgetChange,
  raised: { readonly hardMicros: number; readonly revision?: number },
): Promise<BudgetRecord | undefined> {
  try {
    return await changeBudget(parts, about, async ({ hardMicros, revision }) =>
      hardMicros !== undefined && hardMicros < raised.hardMicros && (raised.revision ?? revision) === revision ? { hardMicros: raised.hardMicros } : undefined,
    );
  } catch (thrown) {
    if (isAppError(thrown, 'not-found')) return undefined;
    throw thrown;
  }
}

/** Whether a budget still asks about calls beyond this hard limit. */
export const stillAsks = (budget: BudgetRecord | undefined, hardMicros: number): boolean =>
  budget?.onHard === 'ask' && budget.hardMicros !== undefined && budget.hardMicros <= hardMicros;
