import { AppError } from '@switchyard/shared/errors.ts';
import type { RunLabels, TriggerKind } from '@switchyard/shared/run/events.ts';
import { runs } from '../../store/collections.ts';
import type { TriggerRecord } from '../../store/triggers/trigger-collections.ts';
import { enterRun } from '../policies/enter-run.ts';
import { acceptRun, type RunStarting } from '../runs/accept-run.ts';
import { admitInput } from '../runs/admit-input.ts';
import { isKeyTaken } from '../webhooks/call-keys.ts';
import { refusePaused } from '../webhooks/receive-call.ts';
import { liveVersionOf } from '../workflows/live-version.ts';
import { versionGraph } from '../workflows/versions.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';

interface Firing {
  readonly trigger: Pick<TriggerRecord, 'id' | 'workflowId'>;
  readonly kind: TriggerKind;
  readonly input: unknown;
  /** Identifies the event: the same one starts one run (S22). */
  readonly event: string;
  readonly labels?: RunLabels | undefined;
  /** How many triggers in a row led to it, by ends of runs. */
  readonly chain?: number | undefined;
}

/**
 * Starts a run of the live version for an event of a trigger, or returns the one that was started for it. Throws `not-found`,
 * `not-published`, `paused`, `killed`, `bad-input`, `overloaded`, `queue-full`, `redaction-refused`.
 */
export async function startTriggered(context: RunStarting, { trigger, kind, input, event, labels, chain }: Firing): Promise<{ readonly runId: string }> {
  const name = `${trigger.workflowId}:trigger:${trigger.id}:${event}`;
  const earlier = async (): Promise<string | undefined> => (await context.store.find(runs, { where: { idempotencyKey: name }, limit: 1 })).items[0]?.id;
  const known = await earlier();
  if (known !== undefined) return { runId: known };
  const workflow = await getWorkflowRecord(context, trigger.workflowId);
  refusePaused(workflow);
  const version = liveVersionOf(workflow);
  if (version === null) throw new AppError('not-published', 'This workflow isn’t published yet. Publish it first.');
  const { graph, hash } = await versionGraph(context, workflow.id, version);
  admitInput(context, graph, input);
  const policy = await context.policies.ofWorkflow(context.store, workflow.id);
  const entered = await enterRun(context, policy, workflow.id, { kind, body: input ?? null });
  try {
    const { record } = await acceptRun(context, {
      workflow,
      version,
      graphHash: hash,
      ...entered,
      labels,
      chain,
      actor: { kind: 'trigger', id: trigger.id },
      key: { name, bodyHash: '', permanent: true },
    });
    return { runId: record.id };
  } catch (error) {
    const first = isKeyTaken(error) ? await earlier() : undefined;
    if (first === undefined) throw error;
    return { runId: first };
  }
}
