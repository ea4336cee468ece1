import { isPlainObject } from '../json.ts';
import { moneyLabel } from '../money-label.ts';
import type { ReviewContext, ReviewTask } from './events.ts';

/* What a person is asked when a budget is used up, and how the decision is read (S63). */

/** A call that a budget doesn’t allow. Money is in micro-dollars. */
export interface BudgetQuestion {
  readonly budgetId: string;
  /** Of the budget, when it was used up. */
  readonly revision: number;
  readonly hardMicros: number;
  readonly callId: string;
  readonly name: string;
  readonly settledMicros: number;
  readonly reservedMicros: number;
  /** The most that the call can cost. */
  readonly callMicros: number;
  readonly period: 'run' | 'day' | 'month';
  /** When the period ends. Undefined for the budget of a run. */
  readonly endsAt?: string;
  readonly model: string;
  readonly route: string;
}

export const ALLOW_ONCE = 'allow_once';
export const RAISE = 'raise';
export const REFUSE = 'refuse';
/** The field with the new hard limit, in dollars. */
export const NEW_LIMIT = 'limit';

/** What a person is asked about the call of a node. */
export function budgetTask(nodeTitle: string, question: BudgetQuestion): ReviewTask {
  const { name, hardMicros, settledMicros, reservedMicros, callMicros, model, route, period, endsAt } = question;
  const fact = (label: string, value: string): ReviewContext => ({ label, value, show: 'fact' });
  const otherwise = endsAt === undefined ? '' : ' Without a decision, the run continues when the next period begins.';
  return {
    title: `Budget “${name}” is used up`,
    instructions: `“${nodeTitle}” needs a model call that could exceed the hard limit. Allow only this call, raise the limit for all calls, or reject the call.${otherwise}`,
    decisions: [
      { id: ALLOW_ONCE, title: 'Allow once', requireFields: false },
      { id: RAISE, title: 'Raise to …', requireFields: true },
      { id: REFUSE, title: 'Reject', requireFields: false },
    ],
    fields: [{ name: NEW_LIMIT, label: 'New hard limit', kind: 'number', value: null, required: true, unit: 'USD' }],
    context: [
      fact('Call', `${nodeTitle}, ${model} by route ${route}`),
      fact('Cost of the call', `up to ${moneyLabel(callMicros)}`),
      fact('Budget', name),
      fact('Period', endsAt === undefined ? 'this run' : `${period}, until ${endsAt.slice(0, 16).replace('T', ' ')} UTC`),
      fact('Spent', moneyLabel(settledMicros)),
      ...(reservedMicros > 0 ? [fact('Reserved by other calls', moneyLabel(reservedMicros))] : []),
      fact('Hard limit', moneyLabel(hardMicros)),
    ],
  };
}

export interface BudgetDecision {
  readonly decision: string;
  readonly reviewer: string | null;
  /** The new hard limit. Set if the limit is raised. */
  readonly raisedTo?: number;
  /** Why it is raised, for the audit trail. */
  readonly reason: string;
}

const MICROS = 1_000_000;
const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** Reads a valid decision. Undefined if no person decided: the period ended, or the budget was changed. */
export function readBudgetDecision(value: unknown): BudgetDecision | undefined {
  if (!isPlainObject(value) || typeof value.decision !== 'string') return undefined;
  const { decision, values, comment } = value;
  const limit = decision === RAISE && isPlainObject(values) ? values[NEW_LIMIT] : undefined;
  const reviewer = text(value.reviewer) || null;
  return {
    decision,
    reviewer,
    ...(typeof limit === 'number' && { raisedTo: Math.round(limit * MICROS) }),
    reason: text(comment).slice(0, LONGEST_REASON) || `Raised in a review${reviewer === null ? '' : ` by ${reviewer}`}`,
  };
}

const LONGEST_REASON = 1_000;
