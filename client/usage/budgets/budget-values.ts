import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { BUDGET_PERIODS, BUDGET_SCOPES, type Budget, type createBudget, ON_HARD, type updateBudget } from '@switchyard/shared/contracts/money.ts';

/* The values of the budget form, as text, and what they mean. */

const FIELDS = ['name', 'kind', 'id', 'period', 'timeZone', 'soft', 'onSoft', 'route', 'hard', 'onHard', 'assumedInput', 'assumedOutput', 'reason'] as const;
/** The texts of the form. Money is in dollars, assumed prices in dollars per million tokens. */
export type BudgetValues = Readonly<Record<(typeof FIELDS)[number], string>>;

const MICROS = 1_000_000;
const dollars = (micros: number | undefined): string => (micros === undefined ? '' : String(micros / MICROS));
const perToken = (price: number | undefined): string => (price === undefined ? '' : String(price));

/** The values of a budget, or of a new one. */
export const valuesOf = (budget: Budget | undefined, timeZone: string): BudgetValues => ({
  name: budget?.name ?? '',
  kind: budget?.scope.kind ?? 'workspace',
  id: budget?.scope.id ?? '',
  period: budget?.period ?? 'day',
  timeZone: budget ? (budget.timeZone ?? 'UTC') : timeZone,
  soft: dollars(budget?.softMicros),
  onSoft: budget?.onSoft ?? 'notify',
  route: budget?.route ?? '',
  hard: dollars(budget?.hardMicros),
  onHard: budget?.onHard ?? 'stop',
  assumedInput: perToken(budget?.assumedPrice?.input),
  assumedOutput: perToken(budget?.assumedPrice?.output),
  reason: '',
});

/** Why the budget can’t be saved yet. */
export function budgetProblem({ soft, hard, onSoft, route, kind, id, assumedInput, assumedOutput }: BudgetValues): string | undefined {
  if (soft === '' && hard === '') return 'Enter a soft limit, a hard limit, or both.';
  if (soft !== '' && hard !== '' && Number(soft) > Number(hard)) return 'The soft limit is above the hard limit.';
  if (soft !== '' && onSoft === 'route' && route === '') return 'Choose the cheaper route.';
  if (kind === 'node' && id !== '' && !/^[^/]+\/.+$/.test(id)) return 'Choose the node.';
  return (assumedInput === '') === (assumedOutput === '') ? undefined : 'Enter both assumed prices, or neither.';
}

const micros = (text: string): number => Math.round(Number(text) * MICROS);

/** What happens at the hard limit. The budget of a run has no end to wait for. */
export const hardAction = (onHard: string, period: string): (typeof ON_HARD)[number] =>
  ON_HARD.find((known) => known === onHard && !(known === 'wait' && period === 'run')) ?? 'stop';

/** The limits that the texts set. Undefined where a field is empty. */
function limitsOf({ soft, onSoft, route, hard, onHard, period, assumedInput, assumedOutput }: BudgetValues) {
  return {
    softMicros: soft === '' ? undefined : micros(soft),
    onSoft: soft === '' ? undefined : onSoft === 'route' ? ('route' as const) : ('notify' as const),
    route: soft !== '' && onSoft === 'route' ? route : undefined,
    hardMicros: hard === '' ? undefined : micros(hard),
    onHard: hard === '' ? undefined : hardAction(onHard, period),
    assumedPrice: hard === '' || assumedInput === '' ? undefined : { input: Number(assumedInput), output: Number(assumedOutput) },
  };
}

const reasonOf = ({ reason }: BudgetValues) => reason.trim() !== '' && { reason: reason.trim() };

export function newBudget(values: BudgetValues): BodyOf<typeof createBudget> {
  const kind = BUDGET_SCOPES.find((known) => known === values.kind) ?? 'workspace';
  const period = kind === 'run' ? 'run' : (BUDGET_PERIODS.find((known) => known === values.period) ?? 'day');
  const id = values.id.trim();
  const set = Object.entries(limitsOf({ ...values, period })).filter(([, value]) => value !== undefined);
  return {
    ...(values.name.trim() !== '' && { name: values.name.trim() }),
    scope: { kind, ...(id !== '' && kind !== 'workspace' && kind !== 'run' && { id }) },
    period,
    ...(period !== 'run' && { timeZone: values.timeZone }),
    ...Object.fromEntries(set),
    ...reasonOf(values),
  };
}

/** The changes to a budget. Null removes a field. */
export function changedBudget(values: BudgetValues): BodyOf<typeof updateBudget> {
  const { onSoft, onHard, softMicros, hardMicros, route, assumedPrice } = limitsOf(values);
  return {
    name: values.name.trim() || null,
    softMicros: softMicros ?? null,
    ...(onSoft && { onSoft }),
    route: route ?? null,
    hardMicros: hardMicros ?? null,
    ...(onHard && { onHard }),
    assumedPrice: assumedPrice ?? null,
    ...reasonOf(values),
  };
}
