import { AppError } from '@switchyard/shared/errors.ts';
import { reviewId as reviewIdOf, waitId as waitIdOf } from '@switchyard/shared/run/address.ts';
import { ALLOW_ONCE, type BudgetQuestion, budgetTask, REFUSE, readBudgetDecision } from '@switchyard/shared/run/budget-review.ts';
import type { StepState } from '@switchyard/shared/run/state.ts';
import type { NewEvent } from '../journal-writer.ts';
import type { PlanNode } from '../plan.ts';
import type { AcceptedRun, CallPermit } from '../ports.ts';

/*
 * A budget with `onHard: ask` is used up: the step waits until a person decides about its call (S63). The decision is part of the step's
 * state, so it survives crashes. It is passed to the budgets as a permit for that call only.
 */

/** The question of the budget that blocked a call, if it asks. */
const questionIn = ({ code, details }: AppError): BudgetQuestion | undefined =>
  code === 'budget-exceeded' ? (details.ask as BudgetQuestion | undefined) : undefined;

/** Asks a person about the call. Undefined if the error isn't about a budget that asks. */
export function askAboutBudget({ run, node, step }: { run: AcceptedRun; node: PlanNode; step: StepState }, error: AppError) {
  const question = questionIn(error);
  if (!question) return undefined;
  const id = waitIdOf(step, step.waits);
  const reviewId = reviewIdOf(run.runId, id);
  const { budgetId, revision, hardMicros, callId, endsAt } = question;
  const task = budgetTask(node.title, question);
  const allowed = permitFor(step, callId)?.allowed ?? [];
  const due = endsAt !== undefined && { dueAt: endsAt };
  const asks = { budgetId, revision, hardMicros, callId };
  return {
    event: { type: 'step-waiting', stepId: step.id, wait: { kind: 'budget', id, reviewId, task, asks, allowed, ...due } } satisfies NewEvent,
    review: { reviewId, waitId: id, task, budget: { id: budgetId, hardMicros } },
  };
}

/** The decision that ended the wait of a step for a budget, until its attempt ends. */
function decided({ resolution }: StepState) {
  if (resolution?.wait.kind !== 'budget') return undefined;
  const { wait, by, value, actor } = resolution;
  return { wait, actor, decision: by === 'decision' ? readBudgetDecision(value) : undefined };
}

/** What reviewers decided about the budgets that blocked this call. */
export function permitFor(step: StepState, callId: string): CallPermit | undefined {
  const { wait, decision, actor } = decided(step) ?? {};
  if (wait?.asks.callId !== callId) return undefined;
  const { budgetId, revision } = wait.asks;
  const { raisedTo, reason = '' } = decision ?? {};
  return {
    allowed: decision?.decision === ALLOW_ONCE ? [...wait.allowed, budgetId] : wait.allowed,
    ...(raisedTo !== undefined && actor && { raise: { budgetId, revision, hardMicros: raisedTo, actor, reason } }),
  };
}

/** The error of a step whose call was rejected. */
export function refusal(step: StepState): AppError | undefined {
  const { wait, decision } = decided(step) ?? {};
  if (!wait || decision?.decision !== REFUSE) return undefined;
  const message = `${decision.reviewer ?? 'A reviewer'} rejected the call: ${wait.task.title.charAt(0).toLowerCase()}${wait.task.title.slice(1)}.`;
  return new AppError('budget-exceeded', message, { beforeEffect: true, details: { budget: wait.asks.budgetId, refused: true } });
}
