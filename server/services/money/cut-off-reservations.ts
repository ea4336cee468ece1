import { findAll } from '../../store/find-all.ts';
import { type BudgetPeriodRecord, budgetPeriods, budgets } from '../../store/money-collections.ts';
import type { Page, WorkspaceStore } from '../../store/port.ts';
import { LAPSE_MS } from './budget-ledger.ts';

const PAGE = 100;

/**
 * Drops the reservations of calls that a crash cut off, so the calls can be made again. Only for a store’s single process as it starts:
 * no call is running yet.
 */
export async function dropCutOffReservations(store: WorkspaceStore, now: Date): Promise<void> {
  const since = new Date(now.getTime() - LAPSE_MS).toISOString();
  for (const { id: budgetId } of await findAll(store, budgets)) {
    let cursor: string | null = null;
    do {
      const page: Page<BudgetPeriodRecord> = await store.find(budgetPeriods, {
        where: { budgetId },
        range: { field: 'updatedAt', from: since },
        order: { field: 'updatedAt' },
        limit: PAGE,
        ...(cursor !== null && { cursor }),
      });
      for (const { id, revision, reservations } of page.items) {
        // The time of the last change stays, so the order of the pages does, too.
        if (reservations.length > 0) await store.update(budgetPeriods, id, { reservations: [], revision: revision + 1 }, { equal: { revision } });
      }
      cursor = page.nextCursor;
    } while (cursor !== null);
  }
}
