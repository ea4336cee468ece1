import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import type * as contracts from '@switchyard/shared/contracts/money.ts';
import { type Budget, budgetSchema, type PeriodUsage } from '@switchyard/shared/contracts/money.ts';
import { AppError, type FieldError } from '@switchyard/shared/errors.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { type BudgetRecord, budgetPeriods, budgets } from '../../store/money-collections.ts';
import type { Page } from '../../store/port.ts';
import { changes as changeRecords } from '../../store/registry-collections.ts';
import { routes } from '../../store/route-collections.ts';
import { actorOf } from '../caller.ts';
import { recordChange } from '../changes/record-change.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { newId } from '../ids.ts';
import { releaseReviews } from '../reviews/budget-reviews.ts';
import { budgetView, changeBudget } from './change-budget.ts';
import { checkScope } from './check-references.ts';
import { periodEnd, periodKey } from './periods.ts';

/* Use cases for budgets (S63). Every change is recorded (S68). */

const PERIODS = 100;

async function find({ store }: ServiceContext, id: string): Promise<BudgetRecord> {
  const record = await store.get(budgets, id);
  if (!record) throw new AppError('not-found', `Budget “${id}” not found.`);
  return record;
}

export async function listBudgets({ store }: ServiceContext, page: { limit: number; cursor?: string | undefined }): Promise<Page<Budget>> {
  const { limit, cursor } = page;
  const found = await store.find(budgets, { limit, ...(cursor !== undefined && { cursor }) });
  return { ...found, items: found.items.map(budgetView) };
}

type Limits = Pick<BudgetRecord, 'scope' | 'period' | 'softMicros' | 'onSoft' | 'route' | 'hardMicros' | 'onHard'>;

/** Checks that the settings of a budget make sense together. Throws `bad-request`. */
export async function checkBudget(
  { store }: Pick<ServiceContext, 'store'>,
  { scope, period, softMicros, onSoft, route, hardMicros, onHard }: Limits,
): Promise<void> {
  const problems: [string, string | false][] = [
    ['softMicros', softMicros === undefined && hardMicros === undefined && 'set a soft limit, a hard limit, or both'],
    ['softMicros', softMicros !== undefined && hardMicros !== undefined && softMicros > hardMicros && 'must not be above the hard limit'],
    ['route', onSoft === 'route' && route === undefined && 'name the route to use from the soft limit on'],
    ['route', route !== undefined && !(await store.get(routes, route)) && `route “${route}” doesn’t exist`],
    ['onHard', onHard === 'wait' && period === 'run' && 'a budget per run has no end to wait for: use stop or ask'],
    ['scope.id', scope.kind === 'workspace' && scope.id !== undefined && 'a budget of the workspace has no id'],
  ];
  const fields: FieldError[] = problems.flatMap(([path, message]) => (message ? [{ path, message }] : []));
  if (fields.length > 0) throw new AppError('bad-request', fields.map(({ path, message }) => `${path}: ${message}`).join('; '), { fields });
}

type NewBudget = BodyOf<typeof contracts.createBudget>;

export async function createBudget(context: ServiceContext, body: NewBudget): Promise<Budget> {
  await checkBudget(context, body);
  await checkScope(context, body.scope);
  return insertBudget(context, body);
}

/** Creates a validated budget. Its workflow may not exist yet. */
export async function insertBudget(context: ServiceContext, { reason, ...fields }: NewBudget): Promise<Budget> {
  const { store, workspaceId, caller } = context;
  const at = timestamp(context);
  const record: BudgetRecord = {
    id: newId('bdg', context.now()),
    workspaceId,
    ...fields,
    ...(fields.hardMicros !== undefined && { onHard: fields.onHard ?? 'stop' }),
    ...(fields.softMicros !== undefined && { onSoft: fields.onSoft ?? 'notify' }),
    revision: 1,
    createdAt: at,
    updatedAt: at,
    actor: actorOf(caller),
  };
  const change = {
    workspaceId,
    actor: record.actor,
    subject: { kind: 'budget', id: record.id },
    action: 'create',
    before: null,
    after: budgetView(record),
    reason,
  } as const;
  await recordChange(context, { ...change, actor: actorOf(caller), revision: 1 }, async () => {
    await store.insert(budgets, record);
    return record;
  });
  context.changed.budgets(workspaceId);
  return budgetView(record);
}

export async function updateBudget(context: ServiceContext, id: string, body: BodyOf<typeof contracts.updateBudget>): Promise<Budget> {
  const { workspaceId, caller } = context;
  const { reason, ...sent } = body;
  // Null removes a field.
  const changes = Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, value ?? undefined])) as Partial<BudgetRecord>;
  const changed = await changeBudget(context, { workspaceId, id, actor: actorOf(caller), reason }, async (record) => {
    await checkBudget(context, { ...record, ...changes });
    return changes;
  });
  await releaseReviews(context, id);
  return budgetView(changed);
}

export async function deleteBudget(context: ServiceContext, id: string, reason: string | undefined): Promise<Budget> {
  const { store, workspaceId, caller } = context;
  const record = await find(context, id);
  const change = {
    workspaceId,
    actor: actorOf(caller),
    subject: { kind: 'budget', id },
    action: 'delete',
    before: budgetView(record),
    after: null,
    reason,
  } as const;
  await recordChange(context, { ...change, revision: record.revision + 1 }, async () => ((await store.delete(budgets, id)) ? record : undefined));
  context.changed.budgets(workspaceId);
  await releaseReviews(context, id);
  return budgetView(record);
}

/** Restores a deleted budget from the record of its deletion. It keeps its ID, and with it what it has spent. */
export async function undeleteBudget(context: ServiceContext, id: string): Promise<Budget> {
  const { store, workspaceId, caller } = context;
  if (await store.get(budgets, id)) throw new AppError('already-exists', `Budget “${id}” isn’t deleted.`);
  const { items } = await store.find(changeRecords, { where: { subject: `budget:${id}` }, order: { field: 'at', descending: true }, limit: 1 });
  const [last] = items;
  const before = last?.action === 'delete' ? budgetSchema.safeParse(last.before).data : undefined;
  if (!last || !before) throw new AppError('not-found', `Budget “${id}” not found.`);
  await checkBudget(context, before);
  const actor = actorOf(caller);
  const revision = last.revision + 1;
  const record: BudgetRecord = { ...before, workspaceId, actor, revision, updatedAt: timestamp(context) };
  const change = { workspaceId, actor, subject: { kind: 'budget', id }, action: 'undelete', before: null, after: budgetView(record), revision } as const;
  await recordChange(context, change, async () => ((await insertIfAbsent(store, budgets, record)) ? record : undefined));
  context.changed.budgets(workspaceId);
  return budgetView(record);
}

/** What a budget has spent, latest period first. */
export async function budgetUsage(context: ServiceContext, id: string): Promise<PeriodUsage[]> {
  const budget = await find(context, id);
  const { softMicros, hardMicros } = budget;
  const current = budget.period === 'run' ? undefined : periodKey(budget, context.now(), '');
  const endsAt = periodEnd(budget, context.now())?.toISOString() ?? null;
  const { items } = await context.store.find(budgetPeriods, { where: { budgetId: id }, order: { field: 'updatedAt', descending: true }, limit: PERIODS });
  const now = timestamp(context);
  return items.map(({ period, of, settledMicros, overrunMicros, calls, unknownPrice, reservations }) => {
    const reservedMicros = reservations.filter(({ until }) => until > now).reduce((sum, { micros }) => sum + micros, 0);
    const spent = settledMicros + reservedMicros;
    const state = hardMicros !== undefined && spent >= hardMicros ? 'hard' : softMicros !== undefined && spent >= softMicros ? 'soft' : 'within';
    const isCurrent = period === current;
    return { period, current: isCurrent, endsAt: isCurrent ? endsAt : null, of, settledMicros, reservedMicros, calls, unknownPrice, overrunMicros, state };
  });
}
