import { expect, it } from 'vitest';
import { onBothStores } from '../../../test/kit/both-stores.ts';
import type { Spending } from '../../models/spending.ts';
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

  it('keep all calls of an experiment within its limit, over several processes and restarts', async () => {
    await using opened = await open();
    const processOf = (processId: string) =>
      createSpending({
        stores: opened.store,
        bus: inProcessBus(() => {}),
        now: () => AT,
        elapsed: () => performance.now(),
        processId,
        log: { error: () => {} },
      });
    const attempt = { workspaceId: WORKSPACE, route: 'fast', model: 'm', price: { input: 1, output: 1 }, tokens: { input: 10, output: 20 }, place: undefined };
    let spent = 0;
    const callIn = async (spending: Spending, micros: number): Promise<void> => {
      const reservation = await spending.reserve({ ...attempt, limit: { id: 'exp_1', micros }, signal: AbortSignal.timeout(20_000) });
      spent += 25;
      await reservation.settle({ inputTokens: 10, outputTokens: 15 });
    };
    const [one, other] = [processOf('one'), processOf('other')];
    const calls = await Promise.allSettled(Array.from({ length: 12 }, (_, index) => callIn(index % 2 === 0 ? one : other, 100)));
    expect(spent).toBe(75);
    const [refused] = calls.flatMap((call) => (call.status === 'rejected' ? [call.reason] : []));
    expect(refused).toMatchObject({ code: 'stopped', details: { why: 'over-cost' } });
    await expect(callIn(processOf('one, restarted'), 100)).rejects.toMatchObject({ code: 'stopped' });
    await callIn(one, 105);
    await expect(callIn(one, 105)).rejects.toMatchObject({ code: 'stopped' });
    // A model without a price can’t be limited.
    const free = await one.reserve({ ...attempt, price: undefined, limit: { id: 'exp_1', micros: 100 }, signal: AbortSignal.timeout(20_000) });
    await free.settle(undefined);
  });
});
