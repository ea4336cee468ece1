import { expect, it } from 'vitest';
import { onBothStores } from '../../../test/kit/both-stores.ts';
import { inProcessBus } from '../../ownership/in-process-bus.ts';
import { type BudgetRecord, budgets, prices } from '../../store/money-collections.ts';
import { createSpending } from './spending.ts';

const WORKSPACE = 'ws';
const AT = new Date('2026-11-30T12:00:00Z');
const made = { workspaceId: WORKSPACE, revision: 1, createdAt: AT.toISOString(), updatedAt: AT.toISOString(), actor: { kind: 'user', id: 'ada' } } as const;
const budgetOf = (id: string, scope: BudgetRecord['scope']): BudgetRecord => ({ ...made, id, scope, period: 'day', hardMicros: 100, onHard: 'stop' });

onBothStores('budgets and prices', (open) => {
  it('apply, however many there are', async () => {
    await using opened = await open();
    const { store } = opened;
    const here = store.in(WORKSPACE);
    const numbers = Array.from({ length: 1_100 }, (_, index) => String(index).padStart(4, '0'));
    await Promise.all(numbers.map((number) => here.insert(budgets, budgetOf(`bdg_${number}`, { kind: 'tenant', id: number }))));
    await here.insert(budgets, budgetOf('bdg_9999', { kind: 'workspace' }));
    const price = { ...made, connectionId: null, input: 1, cachedInput: null, output: 1, from: null };
    await Promise.all(numbers.map((number) => here.insert(prices, { ...price, id: `m${number}||`, model: `m${number}` })));
    const spending = createSpending({
      stores: store,
      bus: inProcessBus(() => {}),
      now: () => AT,
      elapsed: () => 0,
      log: { error: () => {} },
    });
    const attempt = { workspaceId: WORKSPACE, route: 'fast', model: 'm', price: { input: 1, output: 1 }, tokens: { input: 100, output: 50 }, place: undefined };
    await expect(spending.reserve({ ...attempt, signal: AbortSignal.timeout(20_000) })).rejects.toMatchObject({ code: 'budget-exceeded' });
    expect(await spending.prices(WORKSPACE)).toHaveLength(1_100);
  });
});
