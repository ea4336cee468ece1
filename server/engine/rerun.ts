import { frameId, parseAddress, stepId } from '@switchyard/shared/run/address.ts';
import type { JournalEvent, Reply } from '@switchyard/shared/run/events.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { itemsOf } from '@switchyard/shared/run/fold-frame.ts';
import { currentStep, type RunState, type StepState } from '@switchyard/shared/run/state.ts';
import type { NewEvent } from './journal-writer.ts';
import type { PlanNode } from './plan.ts';
import type { Plans } from './plans.ts';
import type { AcceptedRun, EnginePorts } from './ports.ts';

type Rerun = NonNullable<AcceptedRun['rerun']>;

/**
 * The steps that a rerun reuses from the earlier run: every step that finished, was skipped, or failed into its error branch, and is not
 * forward of the start. The start itself need not be in the earlier run. They are neither run nor paid for again. Blobs are stored by content, so references stay valid.
 */
export async function reusedSteps(ports: EnginePorts, plans: Plans, run: AcceptedRun, rerun: Rerun): Promise<NewEvent[]> {
  const compiled = await plans.load(run);
  const journal = await ports.readJournal({ runId: rerun.runId, workspaceId: run.workspaceId });
  const earlier = fold(journal);
  const start = parseAddress(rerun.from);
  const target = compiled.ok && start?.kind === 'step' && compiled.plan.byKey.get(start.nodeKey);
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
  const from = earlier.steps.get(rerun.from);
  return rerun.failedItems && from ? [...events, ...(await reusedItems(ports, run, rerun, { journal, step: from, node: target }))] : events;
}

/**
 * The start of a for-each step with the list and the succeeded items of the earlier run. The other items run again (S37). Nothing if the
 * node isn't a for-each anymore: it then starts as usual.
 */
async function reusedItems(
  ports: EnginePorts,
  run: AcceptedRun,
  rerun: Rerun,
  { journal, step, node }: { journal: readonly JournalEvent[]; step: StepState; node: PlanNode },
): Promise<NewEvent[]> {
  const listed = journal.findLast((event) => event.type === 'items-listed' && event.stepId === step.id);
  const found = itemsOf(journal, step.id);
  if (!node.inner || listed?.type !== 'items-listed' || !found) return [];
  const enter = entry(ports, run);
  const id = stepId(node.key, 1);
  const { effect, nodeType, input } = step;
  const { count, concurrency, onItemError } = listed;
  const events: NewEvent[] = [
    { type: 'step-started', stepId: id, nodeKey: node.key, nodeType, round: 1, attempt: 1, effect, input: await enter(input ?? null) },
    { type: 'items-listed', stepId: id, items: await enter(found.list), count, concurrency, onItemError },
  ];
  for (const { index, status, result, fromRunId = rerun.runId } of found.items) {
    if (status === 'succeeded') events.push({ type: 'frame-finished', frameId: frameId(id, index), result: await enter(result), fromRunId });
  }
  return events;
}

/** Turns a stored value of the earlier run into one that may enter this run. Large ones are loaded first, because they may contain what the policy redacts. */
export function entry(ports: EnginePorts, run: AcceptedRun): (value: unknown) => Promise<unknown> {
  if (run.policy === undefined) return async (value) => value;
  return async (value) => ports.offload(run, (await ports.redact(run, await ports.load(run, value))).value);
}

/** The values of a step as they may enter this run. */
async function entering<T extends { input: unknown; output: unknown; reply?: Reply }>(ports: EnginePorts, run: AcceptedRun, values: T): Promise<T> {
  if (run.policy === undefined) return values;
  const enter = entry(ports, run);
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
