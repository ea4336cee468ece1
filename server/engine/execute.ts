import type { NodeResult, Resolution } from '@switchyard/nodes/sdk/define-node.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Scope } from '@switchyard/shared/expression/create-scope.ts';
import { resolveFields } from '@switchyard/shared/expression/resolve.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { RunState, StepState } from '@switchyard/shared/run/state.ts';
import { isStopping } from './decide.ts';
import type { JournalWriter } from './journal-writer.ts';
import type { Plan, PlanNode } from './plan.ts';
import type { AcceptedRun, EnginePorts } from './ports.ts';
import { arrivalsOf, scopeOf } from './scope-of.ts';
import { createStepContext, type Task } from './step-context.ts';
import type { RunValues } from './values.ts';

/** What one execution of a step needs. */
export interface Execution {
  readonly ports: EnginePorts;
  readonly run: AcceptedRun;
  readonly plan: Plan;
  readonly state: RunState;
  readonly writer: JournalWriter;
  readonly values: RunValues;
  readonly node: PlanNode;
  readonly task: Task;
  readonly round: number;
  readonly attempt: number;
  readonly winner: string | undefined;
  readonly resolution: Resolution | undefined;
}

/**
 * Records the start of a step and runs its node. A node that needs nothing from outside answers at once, without a promise;
 * whatever it throws is thrown here.
 */
export function execute(execution: Execution): NodeResult | Promise<NodeResult> {
  const { run, plan, state, node, values, winner } = execution;
  let scope: Scope | undefined;
  const lazyScope = () => {
    scope ??= scopeOf(run, plan, state, node, values.outputOf);
    return scope;
  };
  const arrivals = arrivalsOf(state, node, winner, values.outputOf);
  let params: unknown;
  try {
    params = node.templates.length > 0 ? resolveFields(node.params, node.templates, lazyScope()) : node.params;
  } catch (thrown) {
    begin(execution, null);
    throw thrown;
  }
  const shown = node === plan.start ? run.trigger.body : shownInput(node, params, arrivals);
  const kept = execution.ports.offload(run, shown ?? null);
  const go = (input: unknown): NodeResult | Promise<NodeResult> => {
    if (!execution.task.live || isStopping(state)) throw new AppError('cancelled', 'The step was stopped before it began.');
    begin(execution, input);
    if (node.disabled) return { kind: 'done', output: (node === plan.start ? run.trigger.body : arrivals[0]?.value) ?? null };
    const context = createStepContext({ ...execution, scope: lazyScope, step: () => stepOf(execution) });
    return call(execution, { params: params as never, input: arrivals, context });
  };
  return kept instanceof Promise ? kept.then(go) : go(kept);
}

function call({ node, resolution }: Execution, given: Parameters<PlanNode['definition']['run']>[0]): NodeResult | Promise<NodeResult> {
  if (!resolution) return node.definition.run(given);
  if (!node.definition.resume) throw new AppError('node-failed', `‘${node.title}’ was woken, but does not know how to go on.`);
  return node.definition.resume({ ...given, resolution });
}

/** The step as its journal has it. It is there from its `step-started` on. */
function stepOf({ state, task }: Execution): StepState {
  const step = state.steps.get(task.stepId);
  if (!step) throw new AppError('internal', `Step ${task.stepId} was not started.`);
  return step;
}

/** What is shown as a step's input: the params that had templates in them, or else what came in. */
function shownInput(node: PlanNode, params: unknown, arrivals: ReturnType<typeof arrivalsOf>): unknown {
  if (node.shownParams.length > 0 && isPlainObject(params)) return Object.fromEntries(node.shownParams.map((name) => [name, params[name]]));
  return Object.fromEntries(arrivals.map(({ key, value }) => [key, value]));
}

function begin({ writer, node, task, round, attempt, winner }: Execution, input: unknown): void {
  writer.record({
    type: 'step-started',
    stepId: task.stepId,
    nodeKey: node.key,
    nodeType: node.definition.type,
    round,
    attempt,
    effect: node.definition.effect(node.params),
    input,
    ...(winner !== undefined && { winner }),
  });
}
