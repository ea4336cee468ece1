import { AppError } from '@switchyard/shared/errors.ts';
import { expect, it } from 'vitest';
import { onBothStores } from '../../../test/kit/both-stores.ts';
import type { CallPermit } from '../../engine/ports.ts';
import type { SpendingAttempt } from '../../models/spending.ts';
import { type BudgetRecord, budgetPeriods, budgets } from '../../store/money-collections.ts';
import type { Store } from '../../store/port.ts';
import { changes } from '../../store/registry-collections.ts';
import { createBudgetLedger } from './budget-ledger.ts';
import { dropCutOffReservations } from './cut-off-reservations.ts';
import { watchDeadCallers } from './dead-callers.ts';

const WORKSPACE = 'ws';
const AT = new Date('2026-11-30T12:00:00Z');
const ADA = { kind: 'user', id: 'ada' } as const;
const budget: BudgetRecord = {
  id: 'bdg_1',
  workspaceId: WORKSPACE,
  name: 'Acme',
  scope: { kind: 'workspace' },
  period: 'month',
  hardMicros: 100,
  onHard: 'ask',
  revision: 1,
  createdAt: AT.toISOString(),
  updatedAt: AT.toISOString(),
  actor: ADA,
};

/** An attempt of a call that can cost up to 150. */
const attempt = (permit?: CallPermit): SpendingAttempt => ({
  workspaceId: WORKSPACE,
  route: 'careful',
  model: 'gpt-5',
  price: { input: 1, output: 1 },
  tokens: { input: 100, output: 50 },
  signal: new AbortController().signal,
  place: {
    runId: 'run_1',
    rootId: 'run_1',
    workflowId: 'wf_1',
    version: 'draft',
    nodeKey: 'draft',
    labels: {},
    attempt: 1,
    callId: 'draft#1/model:1',
    stepId: 'draft#1',
    retryWaitId: 'draft#1/wait:1',
    ...(permit && { permit }),
  },
});

const ledgerOn = (stores: Store, processId?: string) =>
  createBudgetLedger({ stores, now: () => AT, elapsed: () => performance.now(), changed: { budgets: () => {} }, processId });
const refusalOf = (reserved: Promise<unknown>) =>
  reserved.then(
    () => undefined,
    (thrown: unknown) => (thrown instanceof AppError ? thrown : undefined),
  );
const raiseTo = (hardMicros: number, revision: number): CallPermit => ({
  allowed: [],
  raise: { budgetId: budget.id, revision, hardMicros, actor: ADA, reason: 'A busy week' },
});

onBothStores('a budget that asks', (open) => {
  it('has room again for a call that a crash cut off, once the server has started', async () => {
    await using home = await open();
    const here = home.store.in(WORKSPACE);
    const stopping = { ...budget, hardMicros: 200, onHard: 'stop' as const };
    await here.insert(budgets, stopping);
    await ledgerOn(home.store).reserve([stopping], attempt());
    await dropCutOffReservations(here, AT, async () => true);
    await ledgerOn(home.store).reserve([stopping], attempt());
    const { items } = await here.find(budgetPeriods);
    expect(items).toMatchObject([{ reservations: [{ micros: 150 }], settledMicros: 0 }]);
  });

  it('has room again for the call of another process that has ended, and keeps what the others reserved', async () => {
    await using home = await open();
    const here = home.store.in(WORKSPACE);
    const stopping = { ...budget, hardMicros: 310, onHard: 'stop' as const };
    await here.insert(budgets, stopping);
    await ledgerOn(home.store, 'dead').reserve([stopping], attempt());
    await ledgerOn(home.store, 'live').reserve([stopping], attempt());
    let live = [{ id: 'dead' }, { id: 'live' }];
    const processes = { live: () => live, isGone: async (id: string) => !live.some((other) => other.id === id), isFirst: () => true };
    const parts = { stores: home.store, workspaces: async () => [WORKSPACE], processes, now: () => AT, report: expect.unreachable };
    const callers = async () => (await here.find(budgetPeriods)).items.flatMap(({ reservations }) => reservations.map(({ process }) => process));
    await watchDeadCallers(parts)();
    expect(await callers()).toEqual(['dead', 'live']);
    live = [{ id: 'live' }];
    await watchDeadCallers(parts)();
    expect(await callers()).toEqual(['live']);
  });

  it('has one entry for all open calls of a process, which only they reduce', async () => {
    await using home = await open();
    const here = home.store.in(WORKSPACE);
    const ample = { ...budget, hardMicros: 100_000 };
    await here.insert(budgets, ample);
    const entries = async () => (await here.find(budgetPeriods)).items.flatMap(({ reservations }) => reservations);
    const [one, other] = [ledgerOn(home.store, 'one'), ledgerOn(home.store, 'other')];
    const calls = await Promise.all(Array.from({ length: 100 }, () => one.reserve([ample], attempt())));
    await other.reserve([ample], attempt());
    expect(await entries()).toMatchObject([
      { process: 'one', micros: 15_000 },
      { process: 'other', micros: 150 },
    ]);
    await Promise.all(calls.slice(0, 60).map((call) => call.settle({ inputTokens: 1, outputTokens: 0 })));
    expect(await entries()).toMatchObject([{ micros: 6_000 }, { micros: 150 }]);
    await dropCutOffReservations(here, AT, async (process) => process === 'one');
    await one.reserve([ample], attempt());
    await Promise.all(calls.slice(60).map((call) => call.settle(undefined)));
    expect(await entries()).toMatchObject([
      { process: 'other', micros: 150 },
      { process: 'one', micros: 150 },
    ]);
  });

  it('says what it asks, and nothing outside a run', async () => {
    await using home = await open();
    await home.store.in(WORKSPACE).insert(budgets, budget);
    const ledger = ledgerOn(home.store);
    const refused = await refusalOf(ledger.reserve([budget], attempt()));
    expect(refused?.details.ask).toEqual({
      budgetId: 'bdg_1',
      revision: 1,
      hardMicros: 100,
      callId: 'draft#1/model:1',
      name: 'Acme',
      settledMicros: 0,
      reservedMicros: 0,
      callMicros: 150,
      period: 'month',
      endsAt: '2026-12-01T00:00:00.000Z',
      model: 'gpt-5',
      route: 'careful',
    });
    const outside = await refusalOf(ledger.reserve([budget], { ...attempt(), place: undefined }));
    const message =
      'The budget “Acme” has $0.0001 left until 2026-12-01T00:00:00.000Z, and this call can cost up to $0.00015. Raise its hard limit (PATCH /api/budgets/bdg_1), or wait.';
    expect(outside).toMatchObject({ code: 'budget-exceeded', message });
    expect(outside?.details).not.toHaveProperty('ask');
  });

  it('lets an allowed call exceed it, records the overrun, and then blocks the next call', async () => {
    await using home = await open();
    await home.store.in(WORKSPACE).insert(budgets, budget);
    const ledger = ledgerOn(home.store);
    const reserved = await ledger.reserve([budget], attempt({ allowed: [budget.id] }));
    await reserved.settle({ inputTokens: 100, outputTokens: 40 });
    expect((await home.store.in(WORKSPACE).find(budgetPeriods, { limit: 10 })).items).toMatchObject([
      { settledMicros: 140, overrunMicros: 40, reservations: [] },
    ]);
    expect((await refusalOf(ledger.reserve([budget], attempt())))?.details.ask).toMatchObject({ settledMicros: 140 });
  });

  it('is raised by the call itself if the server stopped after the decision, with one record', async () => {
    await using home = await open();
    const store = home.store.in(WORKSPACE);
    await store.insert(budgets, budget);
    const ledger = ledgerOn(home.store);
    const both = [ledger.reserve([budget], attempt(raiseTo(400, 1))), ledger.reserve([budget], attempt(raiseTo(400, 1)))];
    for (const reserved of await Promise.all(both)) await reserved.settle(undefined);
    expect(await store.get(budgets, budget.id)).toMatchObject({ hardMicros: 400, revision: 2 });
    const recorded = (await store.find(changes, { limit: 10 })).items.filter(({ applied }) => applied === true);
    expect(recorded).toMatchObject([{ action: 'update', actor: ADA, reason: 'A busy week', after: { hardMicros: 400 } }]);
  });

  it('keeps a limit that was changed after the question: the call asks again', async () => {
    await using home = await open();
    await home.store.in(WORKSPACE).insert(budgets, { ...budget, hardMicros: 90, revision: 2 });
    const refused = await refusalOf(ledgerOn(home.store).reserve([budget], attempt(raiseTo(400, 1))));
    expect(refused?.details.ask).toMatchObject({ hardMicros: 90, revision: 2 });
  });

  it('lets calls pass once it was deleted', async () => {
    await using home = await open();
    await expect(ledgerOn(home.store).reserve([budget], attempt())).resolves.toBeDefined();
  });
});

onBothStores('the soft limit of a budget', (open) => {
  it('counts what ended calls cost, and not what they had reserved, although that is still being written', async () => {
    await using home = await open();
    const soft = { ...budget, hardMicros: 1_000, softMicros: 100 };
    await home.store.in(WORKSPACE).insert(budgets, soft);
    const ledger = ledgerOn(home.store);
    const { settle } = await ledger.reserve([soft], attempt());
    expect(await ledger.isSoft(soft, attempt())).toBe(true);
    const settled = settle({ inputTokens: 10, outputTokens: 10 });
    expect(await ledger.isSoft(soft, attempt())).toBe(false);
    await settled;
  });
});
