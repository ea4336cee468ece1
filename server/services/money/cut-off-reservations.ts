import { findAll } from '../../store/find-all.ts';
import { type BudgetPeriodRecord, budgetPeriods, budgets } from '../../store/money-collections.ts';
import type { Page, WorkspaceStore } from '../../store/port.ts';
import { LAPSE_MS } from './reservations.ts';

const PAGE = 100;

/**
 * Drops the reservations of calls that a crash cut off, so the calls can be made again. `isGone` says whether the process that made a call
 * has ended. When a single process starts, every earlier one has.
 */
export async function dropCutOffReservations(store: WorkspaceStore, now: Date, isGone: (process: string | undefined) => Promise<boolean>): Promise<void> {
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
        const gone = await Promise.all(reservations.map(({ process }) => isGone(process)));
        const left = reservations.filter((_, index) => !gone[index]);
        // The time of the last change stays, so the order of the pages does, too.
        if (left.length < reservations.length) await store.update(budgetPeriods, id, { reservations: left, revision: revision + 1 }, { equal: { revision } });
      }
      cursor = page.nextCursor;
    } while (cursor !== null);
  }
}
