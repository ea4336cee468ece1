import type { SpendingCall } from '../../models/spending.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { type BudgetPeriodRecord, type BudgetRecord, budgetPeriods } from '../../store/money-collections.ts';
import type { Store } from '../../store/port.ts';
import { scopeInstance } from './budget-scope.ts';
import { periodKey } from './periods.ts';

export interface BudgetDocumentsParts {
  readonly stores: Store;
  readonly now: () => Date;
}

/** The documents of budgets: one per budget and period, and per tenant, workflow, node, or route if each has its own budget. */
export interface BudgetDocuments {
  /** Loads the document for a call. Creates it for the first one. */
  load(workspaceId: string, budget: BudgetRecord, call: SpendingCall): Promise<BudgetPeriodRecord>;
  /** Changes a document by compare-and-set, and retries while others win. Returns false if `intend` makes no change. */
  change(workspaceId: string, id: string, intend: (record: BudgetPeriodRecord) => Partial<BudgetPeriodRecord> | undefined): Promise<boolean>;
  /** Resolves when a reservation of the document is settled in this process, or when the time is up. */
  untilSettled(id: string, ms: number, signal: AbortSignal): Promise<void>;
  settled(id: string): void;
}

export function createBudgetDocuments({ stores, now }: BudgetDocumentsParts): BudgetDocuments {
  const waiting = new Map<string, Set<() => void>>();
  const inTurn = createTurns();
  return {
    load: async (workspaceId, budget, call) => {
      const of = scopeInstance(budget, call);
      const period = periodKey(budget, now(), call.place?.runId ?? '');
      const id = [budget.id, of ?? '', period].join(':');
      const store = stores.in(workspaceId);
      const known = await store.get(budgetPeriods, id);
      if (known) return known;
      const spent = { settledMicros: 0, overrunMicros: 0, calls: 0, unknownPrice: 0, reservations: [] };
      const fresh = { id, workspaceId, budgetId: budget.id, period, of, ...spent, revision: 1, updatedAt: now().toISOString() };
      await insertIfAbsent(store, budgetPeriods, fresh);
      return (await store.get(budgetPeriods, id)) ?? fresh;
    },
    change: (workspaceId, id, intend) =>
      inTurn(id, async () => {
        for (;;) {
          const record = await stores.in(workspaceId).get(budgetPeriods, id);
          const changes = record && intend(record);
          if (!changes) return false;
          const next = { ...changes, revision: record.revision + 1, updatedAt: now().toISOString() };
          if (await stores.in(workspaceId).update(budgetPeriods, id, next, { equal: { revision: record.revision } })) return true;
        }
      }),
    untilSettled: (id, ms, signal) =>
      new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', wake);
          waiting.get(id)?.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        signal.addEventListener('abort', wake, { once: true });
        waiting.set(id, (waiting.get(id) ?? new Set()).add(wake));
      }),
    settled: (id) => {
      for (const wake of waiting.get(id) ?? []) wake();
      waiting.delete(id);
    },
  };
}

/** Runs the changes of one document in this process one after another, so they don't fail each other's compare-and-set. */
function createTurns() {
  const last = new Map<string, Promise<void>>();
  return <T>(id: string, work: () => Promise<T>): Promise<T> => {
    const turn = (last.get(id) ?? Promise.resolve()).then(work);
    const over = turn.then(
      () => {},
      () => {},
    );
    last.set(id, over);
    void over.then(() => {
      if (last.get(id) === over) last.delete(id);
    });
    return turn;
  };
}
