import { LRUCache } from 'lru-cache';
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
  /** The ID of the document for a call. Creates the document for the first one. */
  ensure(workspaceId: string, budget: BudgetRecord, call: SpendingCall): Promise<string>;
  /**
   * Changes a document by compare-and-set, and retries while others win. Returns false if `intend` makes no change. Changes that arrive during
   * a write are written together, in order. `intend` may be called more than once.
   */
  change(workspaceId: string, id: string, intend: Intend): Promise<boolean>;
  /** Resolves when a reservation of the document is settled in this process, or when the time is up. */
  untilSettled(id: string, ms: number, signal: AbortSignal): Promise<void>;
  settled(id: string): void;
}

export function createBudgetDocuments({ stores, now }: BudgetDocumentsParts): BudgetDocuments {
  const waiting = new Map<string, Set<() => void>>();
  const existing = new LRUCache<string, true>({ max: 10_000 });
  /** Waiting changes of each document that is being written. */
  const pending = new Map<string, Wanted[]>();
  const load = async (workspaceId: string, budget: BudgetRecord, call: SpendingCall): Promise<BudgetPeriodRecord> => {
    const { id, of, period } = documentOf(budget, call, now());
    const store = stores.in(workspaceId);
    const known = await store.get(budgetPeriods, id);
    if (known) return known;
    const spent = { settledMicros: 0, overrunMicros: 0, calls: 0, unknownPrice: 0, reservations: [] };
    const fresh = { id, workspaceId, budgetId: budget.id, period, of, ...spent, revision: 1, updatedAt: now().toISOString() };
    await insertIfAbsent(store, budgetPeriods, fresh);
    return (await store.get(budgetPeriods, id)) ?? fresh;
  };
  const write = async (workspaceId: string, id: string, wanted: readonly Wanted[]): Promise<boolean[]> => {
    for (;;) {
      const record = await stores.in(workspaceId).get(budgetPeriods, id);
      if (!record) return [];
      const { made, changes } = applied(record, wanted);
      if (!made.includes(true)) return made;
      const next = { ...changes, revision: record.revision + 1, updatedAt: now().toISOString() };
      if (await stores.in(workspaceId).update(budgetPeriods, id, next, { equal: { revision: record.revision } })) return made;
    }
  };
  const writeAll = async (workspaceId: string, id: string): Promise<void> => {
    for (let batch = pending.get(id) ?? []; batch.length > 0; batch = pending.get(id) ?? []) {
      pending.set(id, []);
      try {
        const made = await write(workspaceId, id, batch);
        for (const [index, { done }] of batch.entries()) done.resolve(made[index] ?? false);
      } catch (thrown) {
        for (const { done } of batch) done.reject(thrown);
      }
    }
    pending.delete(id);
  };
  return {
    ensure: async (workspaceId, budget, call) => {
      const { id } = documentOf(budget, call, now());
      if (existing.get(id)) return id;
      await load(workspaceId, budget, call);
      existing.set(id, true);
      return id;
    },
    change: (workspaceId, id, intend) => {
      const wanted: Wanted = { intend, done: Promise.withResolvers() };
      const batch = pending.get(id);
      if (batch) batch.push(wanted);
      else {
        pending.set(id, [wanted]);
        void writeAll(workspaceId, id);
      }
      return wanted.done.promise;
    },
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

type Intend = (record: BudgetPeriodRecord) => Partial<BudgetPeriodRecord> | undefined;

interface Wanted {
  readonly intend: Intend;
  readonly done: PromiseWithResolvers<boolean>;
}

/** Applies the changes one after another, so each sees the ones before it. `made` says which of them changed something. */
function applied(record: BudgetPeriodRecord, wanted: readonly Wanted[]): { made: boolean[]; changes: Partial<BudgetPeriodRecord> } {
  let changes: Partial<BudgetPeriodRecord> = {};
  const made = wanted.map(({ intend }) => {
    const own = intend({ ...record, ...changes });
    changes = { ...changes, ...own };
    return own !== undefined;
  });
  return { made, changes };
}

function documentOf(budget: BudgetRecord, call: SpendingCall, at: Date) {
  const of = scopeInstance(budget, call);
  const period = periodKey(budget, at, call.place?.rootId ?? '');
  return { id: [budget.id, of ?? '', period].join(':'), of, period };
}
