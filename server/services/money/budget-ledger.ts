import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { moneyLabel } from '@switchyard/shared/money-label.ts';
import type { BudgetQuestion } from '@switchyard/shared/run/budget-review.ts';
import { costOf, mostCostOf, type TokenPrice } from '../../models/price.ts';
import type { Reservation, SpendingAttempt, SpendingCall } from '../../models/spending.ts';
import { type BudgetRecord, budgets as budgetRecords } from '../../store/money-collections.ts';
import { type BudgetDocuments, type BudgetDocumentsParts, createBudgetDocuments } from './budget-documents.ts';
import { type ChangeParts, raiseBudget } from './change-budget.ts';
import { periodEnd } from './periods.ts';
import { createReservations, heldIn } from './reservations.ts';

/*
 * Reserves and settles the cost of calls (S63). Invariants:
 * 1. Settled plus reserved money never exceeds the hard limit, over any number of parallel calls and processes: each change is a
 *    compare-and-set.
 * 2. Budgets are reserved in the order of their IDs, and released if a later one refuses.
 * 3. The reservation of a call that never settled, because its process ended, is dropped at the next start or by another process, and
 *    lapses after an hour.
 */

/** How long a call that fails only because of open reservations waits for them to settle. */
const WAIT_MS = 2_000;
/** How often it looks whether other processes settled theirs. */
const LOOK_MS = 500;

interface LedgerParts extends BudgetDocumentsParts, ChangeParts {
  readonly elapsed: () => number;
  /** Set if other processes also make calls. */
  readonly processId?: string | undefined;
}

export interface BudgetLedger {
  /** Reserves in every budget. Throws `budget-exceeded`, at the latest after `waitMs` if only open reservations prevent the call. */
  reserve(budgets: readonly BudgetRecord[], attempt: SpendingAttempt, waitMs?: number): Promise<Reservation>;
  /** Whether settled and reserved money has reached the soft limit. */
  isSoft(budget: BudgetRecord, call: SpendingCall): Promise<boolean>;
}

type Usage = Parameters<Reservation['settle']>[0];

export function createBudgetLedger(parts: LedgerParts): BudgetLedger {
  const documents = createBudgetDocuments(parts);
  const tools = { ...parts, documents, reservations: createReservations(parts.now, parts.processId) };
  return {
    reserve: async (budgets, attempt, waitMs = WAIT_MS) => {
      const made: Reservation[] = [];
      const settle = (usage: Usage) => Promise.all(made.map((one) => one.settle(usage))).then(() => {});
      try {
        for (const budget of budgets.toSorted((one, two) => (one.id < two.id ? -1 : 1))) made.push(await reserveOrAsk({ ...tools, waitMs }, budget, attempt));
      } catch (thrown) {
        await settle(undefined);
        throw thrown;
      }
      return { settle };
    },
    isSoft: async (budget, call) => {
      if (budget.softMicros === undefined) return false;
      const id = await documents.ensure(call.workspaceId, budget, call);
      let spent = 0;
      // Read in sequence with changes, so a call sees the settlements of calls that have ended.
      await documents.change(call.workspaceId, id, (record) => {
        spent = record.settledMicros + heldIn(record, parts.now());
        return undefined;
      });
      return spent >= budget.softMicros;
    },
  };
}

interface LedgerTools extends LedgerParts {
  readonly documents: BudgetDocuments;
  readonly reservations: ReturnType<typeof createReservations>;
}

interface Reserving extends LedgerTools {
  readonly waitMs: number;
}

/** Reserves money in a budget. If it asks, it may have been raised since it was read, or is raised now as a reviewer decided. */
async function reserveOrAsk(tools: Reserving, budget: BudgetRecord, attempt: SpendingAttempt): Promise<Reservation> {
  try {
    return await reserveOne(tools, budget, attempt);
  } catch (thrown) {
    if (budget.onHard !== 'ask' || !isAppError(thrown, 'budget-exceeded')) throw thrown;
    const current = await currentBudget(tools, budget, attempt);
    if (current?.revision === budget.revision) throw thrown;
    return current ? reserveOne(tools, current, attempt) : { settle: async () => {} };
  }
}

/** The current budget, raised if a reviewer decided to. Undefined if it was deleted. */
async function currentBudget(parts: LedgerParts, { id }: BudgetRecord, { workspaceId, place }: SpendingAttempt): Promise<BudgetRecord | undefined> {
  const current = await parts.stores.in(workspaceId).get(budgetRecords, id);
  const raise = place?.permit?.raise;
  if (!current || raise?.budgetId !== id) return current;
  return raiseBudget(parts, { workspaceId, id, actor: raise.actor, reason: raise.reason }, raise);
}

async function reserveOne(tools: Reserving, budget: BudgetRecord, attempt: SpendingAttempt): Promise<Reservation> {
  const { now, elapsed, documents, reservations, waitMs } = tools;
  const { workspaceId, signal, tokens } = attempt;
  const price = attempt.price ?? budget.assumedPrice;
  const isAllowed = attempt.place?.permit?.allowed.includes(budget.id) ?? false;
  const hard = isAllowed ? Number.POSITIVE_INFINITY : (budget.hardMicros ?? Number.POSITIVE_INFINITY);
  if (!price && budget.hardMicros !== undefined) throw unpriced(budget, attempt);
  const micros = price ? mostCostOf(price, tokens) : 0;
  const id = await documents.ensure(workspaceId, budget, attempt);
  let entry = '';
  const endsAt = elapsed() + waitMs;
  for (;;) {
    let hopeless = false;
    let spent = { settledMicros: 0, reservedMicros: 0 };
    const done = await documents.change(workspaceId, id, (record) => {
      spent = { settledMicros: record.settledMicros, reservedMicros: heldIn(record, now()) };
      hopeless = record.settledMicros + micros > hard;
      if (spent.settledMicros + spent.reservedMicros + micros > hard) return undefined;
      const added = reservations.add(record, micros);
      entry = added.id;
      return { reservations: added.reservations };
    });
    if (done) return { settle: (usage) => settle(tools, { workspaceId, id, entry, micros, budget, price, known: attempt.price !== undefined }, usage) };
    signal.throwIfAborted();
    const left = endsAt - elapsed();
    if (hopeless || left <= 0) throw exceeded(budget, attempt, { ...spent, callMicros: micros }, now());
    await documents.untilSettled(id, Math.min(left, LOOK_MS), signal);
  }
}

interface Reserved {
  readonly workspaceId: string;
  /** ID of the document. */
  readonly id: string;
  readonly entry: string;
  readonly micros: number;
  readonly budget: BudgetRecord;
  readonly price: TokenPrice | undefined;
  /** Whether the price of the model itself is known. */
  readonly known: boolean;
}

async function settle({ documents, reservations }: LedgerTools, reserved: Reserved, usage: Usage): Promise<void> {
  const { workspaceId, id, entry, micros, budget, price, known } = reserved;
  const cost = usage && price ? costOf(price, usage) : 0;
  await documents.change(workspaceId, id, (record) => {
    const settledMicros = record.settledMicros + cost;
    return {
      reservations: reservations.remove(record, entry, micros),
      settledMicros,
      overrunMicros: Math.max(0, settledMicros - (budget.hardMicros ?? settledMicros)),
      ...(usage && { calls: record.calls + 1, unknownPrice: record.unknownPrice + (known ? 0 : 1) }),
    };
  });
  documents.settled(id);
}

const nameOf = ({ name, scope, period }: BudgetRecord): string => name ?? `${scope.id ?? scope.kind} per ${period}`;

type Amounts = Pick<BudgetQuestion, 'settledMicros' | 'reservedMicros' | 'callMicros'>;

function exceeded(budget: BudgetRecord, attempt: SpendingAttempt, amounts: Amounts, now: Date): AppError {
  const end = periodEnd(budget, now);
  const until = end?.toISOString();
  const wait = budget.onHard === 'wait' && until !== undefined;
  const ask = questionOf(budget, attempt, amounts, until);
  const message = `The budget “${nameOf(budget)}” ${shortage(budget, amounts, until)}. Raise its hard limit (PATCH /api/budgets/${budget.id})${until === undefined ? '' : ', or wait'}.`;
  return new AppError('budget-exceeded', message, {
    ...(end && { retryAfterMs: end.getTime() - now.getTime() }),
    beforeEffect: true,
    details: { budget: budget.id, ...(until !== undefined && { until }), ...(wait && { waitUntil: until }), ...(ask && { ask }) },
  });
}

/** A budget that isn’t used up rejects a call whose highest possible cost exceeds the rest. */
function shortage({ hardMicros = 0 }: BudgetRecord, { settledMicros, reservedMicros, callMicros }: Amounts, until: string | undefined): string {
  const end = until === undefined ? '' : ` until ${until}`;
  const left = hardMicros - settledMicros - reservedMicros;
  return left <= 0 ? `is used up${end}` : `has ${moneyLabel(left)} left${end}, and this call can cost up to ${moneyLabel(callMicros)}`;
}

/** What a budget asks about a call. Undefined if it doesn't ask, or if the call belongs to no run and so can't wait for a decision. */
function questionOf(budget: BudgetRecord, { place, model, route }: SpendingAttempt, amounts: Amounts, endsAt: string | undefined): BudgetQuestion | undefined {
  const { id, onHard, hardMicros, revision, period } = budget;
  if (onHard !== 'ask' || hardMicros === undefined || !place) return undefined;
  const about = { budgetId: id, revision, hardMicros, callId: place.callId };
  return { ...about, name: nameOf(budget), ...amounts, period, ...(endsAt !== undefined && { endsAt }), model, route };
}

const unpriced = (budget: BudgetRecord, { model }: SpendingAttempt): AppError =>
  new AppError(
    'budget-exceeded',
    `“${model}” has no price, so the budget “${nameOf(budget)}” can’t be enforced. Set its price (PUT /api/prices), or an assumed price in the budget.`,
    {
      beforeEffect: true,
      details: { budget: budget.id },
    },
  );
