import { expect, it } from 'vitest';
import { onBothStores } from '../../../test/kit/both-stores.ts';
import { type ReviewRecord, reviews, signals } from '../../store/collections.ts';
import { type BudgetRecord, budgets } from '../../store/money-collections.ts';
import { releaseAllReviews } from './budget-reviews.ts';

const WORKSPACE = 'ws';
const AT = new Date('2026-11-30T12:00:00Z');
const at = AT.toISOString();
const actor = { kind: 'user', id: 'ada' } as const;
const dates = { createdAt: at, updatedAt: at, actor };
const budget = (id: string, hardMicros: number): BudgetRecord => ({
  ...dates,
  id,
  workspaceId: WORKSPACE,
  scope: { kind: 'workspace' },
  period: 'month',
  hardMicros,
  onHard: 'ask',
  revision: 1,
});
const review = (id: string, more: Partial<ReviewRecord>): ReviewRecord => ({
  id,
  workspaceId: WORKSPACE,
  runId: `run_${id}`,
  workflowId: 'wf_1',
  workflowName: 'Spends',
  version: 'draft',
  stepId: 'ask#1',
  waitId: 'ask#1/wait:1',
  title: 'Budget “Acme” is used up',
  instructions: null,
  why: null,
  status: 'open',
  decisions: [],
  fields: [],
  context: [],
  assignee: null,
  dueAt: null,
  whenDue: null,
  createdAt: at,
  decidedAt: null,
  decidedBy: null,
  decision: null,
  ...more,
});

onBothStores('housekeeping after a stop', (open) => {
  it('continues the calls whose budget was raised or deleted, however many, and no others', async () => {
    await using home = await open();
    const store = home.store.in(WORKSPACE);
    await store.insert(budgets, budget('raised', 500));
    await store.insert(budgets, budget('used_up', 100));
    const waiting = { budgetId: 'raised', budgetHardMicros: 100 };
    const released = Array.from({ length: 230 }, (_, index) => `raised_${index}`);
    await Promise.all(released.map((id) => store.insert(reviews, review(id, waiting))));
    await store.insert(reviews, review('deleted', { budgetId: 'gone', budgetHardMicros: 100 }));
    await store.insert(reviews, review('still', { budgetId: 'used_up', budgetHardMicros: 100 }));
    await store.insert(reviews, review('plain', {}));
    await store.insert(reviews, review('done', { ...waiting, status: 'done' }));
    const woken: string[] = [];
    const engine = { wake: (runId: string) => void woken.push(runId) };
    await releaseAllReviews({ store, engine, now: () => AT }, new AbortController().signal);
    const expected = [...released, 'deleted'].map((id) => `run_${id}`).sort();
    expect(woken.sort()).toEqual(expected);
    const found = (await store.find(signals, { limit: 1_000 })).items;
    expect(found.map(({ runId }) => runId).sort()).toEqual(expected);
    expect(found.every(({ kind, value }) => kind === 'timer' && value === null)).toBe(true);
  });
});
