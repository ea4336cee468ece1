import { AppError } from '@switchyard/shared/errors.ts';
import { moneyLabel } from '@switchyard/shared/money-label.ts';
import { signalId } from '@switchyard/shared/run/address.ts';
import { NEW_LIMIT, readBudgetDecision } from '@switchyard/shared/run/budget-review.ts';
import type { Engine } from '../../engine/engine-api.ts';
import { type ReviewRecord, reviews, signals } from '../../store/collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { type BudgetRecord, budgets } from '../../store/money-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { actorOf } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { raiseBudget, stillAsks } from '../money/change-budget.ts';

/* Reviews that ask about a budget that is used up (S63). */

/** The highest limit of a budget. */
const HIGHEST_MICROS = 1e15;

/** Throws `bad-request` if a decision raises the hard limit to one that isn’t higher than it is now. */
export async function checkRaise({ store }: ServiceContext, { budgetId }: ReviewRecord, decision: unknown): Promise<void> {
  const { raisedTo } = readBudgetDecision(decision) ?? {};
  if (budgetId === undefined || raisedTo === undefined) return;
  const { hardMicros = 0 } = (await store.get(budgets, budgetId)) ?? {};
  if (raisedTo > hardMicros && raisedTo <= HIGHEST_MICROS) return;
  const message = raisedTo > hardMicros ? `must not be above ${moneyLabel(HIGHEST_MICROS)}` : `must be above the current limit, ${moneyLabel(hardMicros)}`;
  throw new AppError('bad-request', `The new limit ${message}. Nothing was decided.`, { fields: [{ path: `values.${NEW_LIMIT}`, message }] });
}

/** Raises the budget as decided, and continues all calls that wait for it. The engine raises it if the server stops before this is done. */
export async function applyRaise(context: ServiceContext, { budgetId }: ReviewRecord, decision: unknown): Promise<void> {
  const { raisedTo, reason } = readBudgetDecision(decision) ?? {};
  if (budgetId === undefined || raisedTo === undefined) return;
  const about = { workspaceId: context.workspaceId, id: budgetId, actor: actorOf(context.caller), reason };
  await raiseBudget(context, about, { hardMicros: raisedTo });
  await releaseReviews(context, budgetId);
}

const PAGE = 100;

interface Waking {
  readonly store: WorkspaceStore;
  readonly engine: Pick<Engine, 'wake'>;
  readonly now: () => Date;
}

/** Continues the calls whose budget has changed since they asked: it was raised or deleted, or no longer asks. */
export async function releaseReviews(context: Waking, budgetId: string): Promise<void> {
  const { store } = context;
  const budget = await store.get(budgets, budgetId);
  let cursor: string | undefined;
  do {
    const page = await store.find(reviews, { where: { budgetId, status: 'open' }, limit: PAGE, ...(cursor !== undefined && { cursor }) });
    await Promise.all(page.items.map((review) => releaseReview(context, review, budget)));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

async function releaseReview({ store, engine, now }: Waking, review: ReviewRecord, budget: BudgetRecord | undefined): Promise<void> {
  if (review.budgetHardMicros === undefined || stillAsks(budget, review.budgetHardMicros)) return;
  await endWithoutDecision(store, review, now());
  engine.wake(review.runId);
}

/** Ends a wait without a decision, as if the period had ended. An earlier decision stays. */
export const endWithoutDecision = (
  store: WorkspaceStore,
  { workspaceId, runId, waitId }: Pick<ReviewRecord, 'workspaceId' | 'runId' | 'waitId'>,
  now: Date,
  by = 'budget',
) =>
  insertIfAbsent(store, signals, {
    id: signalId(runId, waitId),
    workspaceId,
    runId,
    kind: 'timer',
    waitId,
    value: null,
    at: now.toISOString(),
    actor: { kind: 'system', id: by },
    moved: 0,
  });

/** Releases reviews whose budget changed while the server stopped. */
export async function releaseAllReviews(context: Waking, stop: AbortSignal): Promise<void> {
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await context.store.find(reviews, { where: { status: 'open' }, limit: PAGE, ...(cursor !== undefined && { cursor }) });
    for (const { budgetId } of page.items) {
      if (stop.aborted) return;
      if (budgetId === undefined || seen.has(budgetId)) continue;
      seen.add(budgetId);
      await releaseReviews(context, budgetId);
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}
