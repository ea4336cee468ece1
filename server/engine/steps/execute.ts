import type { Arrival } from '@switchyard/nodes/sdk/context.ts';
import type { NodeCall, NodeResult, Resolution } from '@switchyard/nodes/sdk/define-node.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Scope } from '@switchyard/shared/expression/create-scope.ts';
import { resolveFields } from '@switchyard/shared/expression/resolve.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { stepId } from '@switchyard/shared/run/address.ts';
import { type FrameState, findStep, type RunState, type StepState } from '@switchyard/shared/run/state.ts';
import type { JournalWriter } from '../journal-writer.ts';
import type { Plan, PlanNode } from '../plan.ts';
import type { AcceptedRun, EnginePorts } from '../ports.ts';
import type { StandInDesk } from '../stand-ins/desk.ts';
import type { RunValues } from '../values.ts';
import type { Task } from './durable-calls.ts';
import { arrivalsOf, scopeOf, stepsAlike } from './scope-of.ts';
import { createStepContext } from './step-context.ts';

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
  /** The frame of the step. If this is its first step, one that is not in the state yet. */
  readonly frame: FrameState;
  readonly round: number;
  readonly attempt: number;
  readonly winner: string | undefined;
  readonly resolution: Resolution | undefined;
  readonly desk: StandInDesk | undefined;
}

/** A step whose params are filled in, ready to start. */
interface Prepared {
  readonly params: unknown;
  readonly arrivals: readonly Arrival[];
  /** The input shown in the journal. */
  readonly shown: unknown;
  readonly scope: () => Scope;
}

/** Fills in the params of a step. If an expression fails, records that the step started, then throws. */
export function prepareStep(execution: Execution): Prepared {
  const { run, plan, state, frame, round, node, values, winner, desk } = execution;
  let made: Scope | undefined;
  const scope = () => {
    const step = stepId(node.key, round, frame.id);
    made ??= scopeOf(run, { plan, state, frame, inScope: node.inScope, step, round, original: desk?.original }, values);
    return made;
  };
  const arrivals = arrivalsOf(frame, node, winner, values.outputOf);
  try {
    const params = node.templates.length > 0 ? resolveFields(node.params, node.templates, scope()) : node.params;
    const shown = node === plan.start ? run.trigger.body : shownInput(node, params, arrivals);
    return { params, arrivals, shown: shown ?? null, scope };
  } catch (thrown) {
    recordStart(execution, null);
    throw thrown;
  }
}

/** The step is computed synchronously: nothing in it takes time. */
export const isInline = ({ node, resolution }: Execution): boolean => node.disabled || resolution !== undefined || node.definition.work.kind === 'inline';

/** Computes an inline step. Throws if its node throws. */
export function computeStep(execution: Execution, prepared: Prepared): NodeResult {
  const { plan, run, node, resolution } = execution;
  const { work } = node.definition;
  if (node.disabled) return { kind: 'done', output: (node === plan.start ? run.trigger.body : prepared.arrivals[0]?.value) ?? null };
  if (resolution) {
    if (!node.definition.resume) throw new AppError('node-failed', `“${node.title}” was woken, but it cannot continue after a wait.`);
    return node.definition.resume({ ...callOf(execution, prepared), resolution });
  }
  if (work.kind !== 'inline') throw new AppError('internal', `“${node.title}” is not computed inline.`);
  return work.compute(callOf(execution, prepared));
}

/** Runs a step that takes time. */
export async function runStep(execution: Execution, prepared: Prepared): Promise<NodeResult> {
  const { work } = execution.node.definition;
  if (work.kind !== 'awaited') throw new AppError('internal', `“${execution.node.title}” is computed inline.`);
  return work.run(callOf(execution, prepared));
}

function callOf(execution: Execution, { params, arrivals, scope }: Prepared): NodeCall<never> {
  return {
    params: params as never,
    input: arrivals,
    context: createStepContext({
      ...execution,
      scope,
      step: () => stepOf(execution),
      alike: () => stepsAlike(execution.state, execution.task.stepId),
      isInline: execution.resolution === undefined && isInline(execution),
      prompts: () => execution.state.prompts ?? [],
      faults: () => execution.state.faults ?? [],
    }),
  };
}

/** The step as recorded in the journal; exists once `step-started` is recorded. */
function stepOf({ state, task }: Execution): StepState {
  const step = findStep(state, task.stepId);
  if (!step) throw new AppError('internal', `Step ${task.stepId} was not started.`);
  return step;
}

/** The input shown for a step: the params that contained templates, or else the values that arrived. */
function shownInput(node: PlanNode, params: unknown, arrivals: readonly Arrival[]): unknown {
  // Its items follow as an event of their own.
  if (node.inner) return null;
  if (node.shownParams.length > 0 && isPlainObject(params)) return Object.fromEntries(node.shownParams.map((name) => [name, params[name]]));
  return Object.fromEntries(arrivals.map(({ key, value }) => [key, value]));
}

export function recordStart({ writer, node, task, round, attempt, winner }: Execution, input: unknown): void {
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
