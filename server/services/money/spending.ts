import { parseAddress } from '@switchyard/shared/run/address.ts';
import type { Bus } from '../../engine/bus.ts';
import type { Log } from '../../log.ts';
import type { Spending, SpendingCall, SpentCall } from '../../models/spending.ts';
import { findAll } from '../../store/find-all.ts';
import { type BudgetRecord, budgets, type ModelCallRow, modelCalls, type PriceRecord, prices } from '../../store/money-collections.ts';
import type { Collection, Store, StoredRecord } from '../../store/port.ts';
import { newId } from '../ids.ts';
import { createBudgetLedger } from './budget-ledger.ts';
import { isInScope } from './budget-scope.ts';
import { reserveWithin } from './spend-limit.ts';

/*
 * Money for model calls. Owns: the cached lists of budgets and prices, which are read again after a change, and after 5 s in any case (S42).
 */

const FRESH_MS = 5_000;

interface SpendingParts {
  readonly stores: Store;
  readonly bus: Bus;
  readonly now: () => Date;
  readonly elapsed: () => number;
  readonly processId?: string | undefined;
  readonly log: Pick<Log, 'error'>;
}

export function createSpending({ stores, bus, now, elapsed, processId, log }: SpendingParts): Spending {
  const changed = { budgets: (workspaceId: string) => bus.publish({ kind: 'invalidate', workspaceId, what: 'budgets' }) };
  const ledger = createBudgetLedger({ stores, now, elapsed, processId, changed });
  const listOf = cachedLists({ stores, bus, elapsed });
  const budgetsFor = async (call: SpendingCall): Promise<BudgetRecord[]> =>
    (await listOf(budgets, call.workspaceId)).filter((budget) => isInScope(budget, call));
  return {
    prices: (workspaceId) => listOf<PriceRecord>(prices, workspaceId),
    degradation: async (call) => {
      for (const budget of await budgetsFor(call)) {
        const { route } = budget;
        if (budget.onSoft === 'route' && route !== undefined && route !== call.route && (await ledger.isSoft(budget, call)))
          return { by: budget.name ?? budget.id, from: call.route, to: route };
      }
      return undefined;
    },
    reserve: async (attempt) => {
      const limited = attempt.limit && (await reserveWithin(ledger, attempt.limit, attempt));
      const inBudgets = await ledger.reserve(await budgetsFor(attempt), attempt).catch(async (thrown: unknown) => {
        await limited?.settle(undefined);
        throw thrown;
      });
      return limited ? { settle: (spent) => Promise.all([limited.settle(spent), inBudgets.settle(spent)]).then(() => {}) } : inBudgets;
    },
    note: (call) => {
      stores
        .in(call.workspaceId)
        .insert(modelCalls, rowOf(call))
        .catch((error: unknown) => log.error({ err: error, runId: call.place?.runId }, 'Recording a model call for the usage failed'));
    },
  };
}

/** The model as the route names it. The response may name a version of it. */
export const requestedModel = ({ target, model }: Pick<ModelCallRow, 'target' | 'model'>): string =>
  target === undefined ? model : target.slice(target.indexOf('/') + 1);

/** The target of a call as its row names it. */
export const targetKey = ({ connectionId, model }: SpentCall['target']): string => `${connectionId}/${model}`;

const stepOf = (callId: string): string | null => {
  const address = parseAddress(callId);
  return address?.kind === 'call' ? address.stepId : null;
};

const rowOf = ({ workspaceId, place, purpose, usage, at, target, routeVersion, ...call }: SpentCall): ModelCallRow => ({
  ...call,
  id: newId('call', at),
  workspaceId,
  at: at.toISOString(),
  workflow: place?.workflowId ?? null,
  version: place ? `${place.workflowId}:${place.version}` : null,
  node: place ? `${place.workflowId}/${place.nodeKey}` : null,
  source: place ? 'run' : (purpose ?? null),
  trigger: place?.trigger ?? (purpose === 'experiment' ? purpose : null),
  routeVersion: routeVersion ?? null,
  tenant: place?.labels.tenant ?? null,
  labels: { ...place?.labels },
  ...usage,
  run: place?.runId ?? null,
  step: place ? stepOf(place.callId) : null,
  target: targetKey(target),
  outcome: call.error !== null ? 'failed' : call.fallbackReason === null ? 'first' : 'fallback',
});

function cachedLists({ stores, bus, elapsed }: Pick<SpendingParts, 'stores' | 'bus' | 'elapsed'>) {
  const known = new Map<string, { readonly at: number; readonly items: Promise<readonly StoredRecord[]> }>();
  bus.subscribe((message) => {
    if (message.kind === 'missed') known.clear();
    if (message.kind === 'invalidate' && (message.what === 'budgets' || message.what === 'prices')) known.delete(`${message.what} ${message.workspaceId}`);
  });
  return <T extends StoredRecord>(collection: Collection<T>, workspaceId: string): Promise<readonly T[]> => {
    const key = `${collection.name} ${workspaceId}`;
    const cached = known.get(key);
    if (cached && elapsed() - cached.at < FRESH_MS) return cached.items as Promise<readonly T[]>;
    const items = findAll(stores.in(workspaceId), collection);
    items.catch(() => known.delete(key));
    known.set(key, { at: elapsed(), items });
    return items;
  };
}
