import type { Budget, PeriodUsage } from '@switchyard/shared/contracts/money.ts';
import { moneyLabel } from '@switchyard/shared/money-label.ts';
import { formatNumber } from '../../ui/format.ts';

/* How a budget is described: its scope, its rule, and its state. */

export type ScopeKind = Budget['scope']['kind'];

export const SCOPE_LABELS: Readonly<Record<ScopeKind, string>> = {
  workspace: 'Workspace',
  workflow: 'Workflow',
  node: 'Node',
  route: 'Route',
  tenant: 'Tenant',
  run: 'Run',
};

/** Names of workflows by ID. */
export type WorkflowNames = ReadonlyMap<string, string>;

/** The name of a scope’s subject: a workflow, `Workflow / node`, a route, or a tenant. */
export function subjectName(kind: ScopeKind, id: string, names: WorkflowNames): string {
  if (kind === 'workflow') return names.get(id) ?? id;
  if (kind !== 'node') return id;
  const slash = id.indexOf('/');
  return `${names.get(id.slice(0, slash)) ?? id.slice(0, slash)} / ${id.slice(slash + 1)}`;
}

/** “acme”, “Everything”, “Each tenant”, or the name that the budget was given. */
export function budgetTitle({ name, scope }: Pick<Budget, 'name' | 'scope'>, names: WorkflowNames): string {
  if (name) return name;
  if (scope.kind === 'workspace') return 'Everything';
  return scope.id === undefined ? `Each ${scope.kind}` : subjectName(scope.kind, scope.id, names);
}

/** “tenant · day, Europe/Berlin”. Names the subject if the title doesn’t. */
export function budgetSubtitle({ name, scope, period, timeZone }: Pick<Budget, 'name' | 'scope' | 'period' | 'timeZone'>, names: WorkflowNames): string {
  const subject =
    name && scope.id !== undefined
      ? `${scope.kind} ${subjectName(scope.kind, scope.id, names)}`
      : name && scope.kind !== 'workspace'
        ? `each ${scope.kind}`
        : scope.kind;
  return `${subject} · ${period === 'run' ? 'one run' : `${period}, ${timeZone ?? 'UTC'}`}`;
}

/** The rule in parts. A route is set in bold. */
export interface Rule {
  readonly soft?: { readonly from: string; readonly route?: string };
  readonly hard?: { readonly at: string; readonly action: string };
}

export function ruleOf({ softMicros, onSoft, route, hardMicros, onHard, period }: Budget): Rule {
  const stop = period === 'run' ? 'The run stops' : 'Calls stop';
  return {
    ...(softMicros !== undefined && { soft: { from: moneyLabel(softMicros), ...(onSoft === 'route' && route !== undefined && { route }) } }),
    ...(hardMicros !== undefined && {
      hard: { at: moneyLabel(hardMicros), action: onHard === 'wait' ? 'Calls wait' : onHard === 'ask' ? 'A person decides' : stop },
    }),
  };
}

/** The period to show: the current one with the most spending, or the latest run. Undefined before the first call. */
export function shownPeriod({ period }: Pick<Budget, 'period'>, usage: readonly PeriodUsage[]): PeriodUsage | undefined {
  if (period === 'run') return usage[0];
  const spent = ({ settledMicros, reservedMicros }: PeriodUsage) => settledMicros + reservedMicros;
  return usage.filter(({ current }) => current).toSorted((a, b) => spent(b) - spent(a))[0];
}

/** The settled amount: “–” without calls, “free” or “unknown” without a cost. */
export function settledText({ settledMicros, calls, unknownPrice }: Pick<PeriodUsage, 'settledMicros' | 'calls' | 'unknownPrice'>): string {
  if (settledMicros > 0) return moneyLabel(settledMicros);
  if (calls === 0) return '–';
  return unknownPrice === calls ? 'unknown' : 'free';
}

export interface BudgetState {
  readonly tone: 'idle' | 'good' | 'soft' | 'hard';
  readonly label: string;
}

const NO_CALLS: Readonly<Record<Budget['period'], string>> = { run: 'No calls yet', day: 'No calls today', month: 'No calls this month' };

const AT_THE_LIMIT = { stop: 'Stopped', wait: 'Calls wait', ask: 'A person decides' } as const;

const untilLabel = (endsAt: string, timeZone: string | undefined): string =>
  new Date(endsAt).toLocaleString('en-GB', { timeZone: timeZone ?? 'UTC', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

/** The state as one tag. */
export function budgetState({ period, timeZone, onSoft, route, onHard }: Budget, shown: PeriodUsage | undefined): BudgetState {
  if (!shown) return { tone: 'idle', label: NO_CALLS[period] };
  const { state, endsAt } = shown;
  if (state === 'within') return { tone: 'good', label: 'Within limits' };
  if (state === 'soft') return { tone: 'soft', label: onSoft === 'route' ? `Degraded to ${route}` : 'Soft limit reached' };
  if (endsAt === null) return { tone: 'hard', label: onHard === 'ask' ? AT_THE_LIMIT.ask : 'Run stopped' };
  return { tone: 'hard', label: `${AT_THE_LIMIT[onHard ?? 'stop']} until ${untilLabel(endsAt, timeZone)}` };
}

/** Whose spending is shown, if each has its own budget: “acme, highest of 12”, or “in run 51d7”. */
export function shownSubject(
  { period, scope }: Budget,
  shown: PeriodUsage | undefined,
  usage: readonly PeriodUsage[],
  names: WorkflowNames,
): string | undefined {
  if (!shown) return undefined;
  if (period === 'run') return `in run ${shown.period.slice(-4).toLowerCase()}`;
  if (shown.of === null) return undefined;
  const current = usage.filter((one) => one.current).length;
  const name = scope.kind === 'run' ? `run ${shown.of.slice(-4).toLowerCase()}` : subjectName(scope.kind, shown.of, names);
  return current > 1 ? `${name}, highest of ${formatNumber(current)}` : name;
}
