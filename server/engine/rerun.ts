import { stepId } from '@switchyard/shared/run/address.ts';
import type { Reply } from '@switchyard/shared/run/events.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { currentStep, type RunState, type StepState } from '@switchyard/shared/run/state.ts';
import type { NewEvent } from './journal-writer.ts';
import type { Plans } from './plans.ts';
import type { AcceptedRun, EnginePorts } from './ports.ts';

/**
 * The steps that a rerun reuses from the earlier run: every step that finished, was skipped, or failed into its error branch, and is not
 * forward of the start. They are neither run nor paid for again. Blobs are stored by content, so references stay valid.
 */
export async function reusedSteps(ports: EnginePorts, plans: Plans, run: AcceptedRun, rerun: { runId: string; from: string }): Promise<NewEvent[]> {
  const compiled = await plans.load(run);
  const earlier = fold(await ports.readJournal({ runId: rerun.runId, workspaceId: run.workspaceId }));
  const from = earlier.steps.get(rerun.from);
  const target = compiled.ok && from && compiled.plan.byKey.get(from.nodeKey);
  if (!target) return [];
  const again = new Set(compiled.plan.membersOf(target).map((node) => node.key));
  const events: NewEvent[] = [];
  for (const { key } of compiled.plan.nodes) {
    const step = again.has(key) ? undefined : currentStep(earlier, key);
    const named = { stepId: stepId(key, 1), nodeKey: key, nodeType: step?.nodeType ?? '', round: 1 };
    if (step?.status === 'skipped') events.push({ type: 'step-skipped', ...named });
    const kept = step && endOf(step);
    if (!kept) continue;
    const values = await entering(ports, run, { ...kept, ...replyOf(earlier, step) });
    events.push({ type: 'step-reused', ...named, fromRunId: rerun.runId, ...values });
  }
  return events;
}

/** The values of a step as they may enter this run. Large ones are loaded first, because they may contain what the policy redacts. */
async function entering<T extends { input: unknown; output: unknown; reply?: Reply }>(ports: EnginePorts, run: AcceptedRun, values: T): Promise<T> {
  if (run.policy === undefined) return values;
  const enter = async (value: unknown): Promise<unknown> => ports.offload(run, (await ports.redact(run, await ports.load(run, value))).value);
  const { input, output, reply, ...rest } = values;
  const { value: redacted } = await ports.redact(run, rest);
  return {
    ...values,
    ...redacted,
    input: await enter(input),
    output: await enter(output),
    ...(reply && { reply: { ...reply, value: await enter(reply.value) } }),
  };
}

/** How a reusable step ended; undefined for steps that must run again. */
function endOf({ status, handled, input, output = null, port = null, error, recovered }: StepState) {
  if (status === 'failed' && handled && error) return { input, output, port, error };
  return status === 'succeeded' ? { input, output, port, ...(recovered && { recovered }) } : undefined;
}

/** The earlier run's reply, if this step gave it. */
function replyOf({ reply }: RunState, step: StepState): { reply?: Reply } {
  if (reply?.stepId !== step.id) return {};
  const { stepId: _, ...given } = reply;
  return { reply: given };
}
