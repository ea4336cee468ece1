import { expect, it } from 'vitest';
import { onBothStores } from '../../../test/kit/both-stores.ts';
import { type BudgetRecord, budgetPeriods } from '../../store/money-collections.ts';
import { createBudgetDocuments } from './budget-documents.ts';

const WORKSPACE = 'ws';
const AT = new Date('2026-11-30T12:00:00Z');
const budget: BudgetRecord = {
  id: 'bdg_1',
  workspaceId: WORKSPACE,
  scope: { kind: 'workspace' },
  period: 'month',
  hardMicros: 100,
  revision: 1,
  createdAt: AT.toISOString(),
  updatedAt: AT.toISOString(),
  actor: { kind: 'user', id: 'ada' },
};
const call = { workspaceId: WORKSPACE, route: 'fast', place: undefined };

onBothStores('the document of a budget', (open) => {
  it('takes changes that come together in one write, each seeing those before it', async () => {
    await using home = await open();
    const documents = createBudgetDocuments({ stores: home.store, now: () => AT });
    const id = await documents.ensure(WORKSPACE, budget, call);
    const seen: number[] = [];
    const spend = () =>
      documents.change(WORKSPACE, id, ({ settledMicros }) => {
        if (settledMicros >= 8) return undefined;
        seen.push(settledMicros);
        return { settledMicros: settledMicros + 1 };
      });
    const made = await Promise.all(Array.from({ length: 10 }, spend));
    expect(made).toEqual([...Array.from({ length: 8 }, () => true), false, false]);
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    // Created, the first change, and the others.
    expect(await home.store.in(WORKSPACE).get(budgetPeriods, id)).toMatchObject({ settledMicros: 8, revision: 3 });
    expect(await documents.ensure(WORKSPACE, budget, call)).toBe(id);
  });

  it('keeps the changes of two processes', async () => {
    await using home = await open();
    const processes = [1, 2].map(() => createBudgetDocuments({ stores: home.store, now: () => AT }));
    const id = [budget.id, '', '2026-11'].join(':');
    await Promise.all(processes.map((documents) => documents.ensure(WORKSPACE, budget, call)));
    const add = (documents: (typeof processes)[number]) => documents.change(WORKSPACE, id, ({ settledMicros }) => ({ settledMicros: settledMicros + 1 }));
    await Promise.all(Array.from({ length: 10 }, () => processes.map(add)).flat());
    expect(await home.store.in(WORKSPACE).get(budgetPeriods, id)).toMatchObject({ settledMicros: 20 });
  });
});
