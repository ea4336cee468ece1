import { AppError } from '@switchyard/shared/errors.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { RunLabels, TriggerData, TriggerKind } from '@switchyard/shared/run/events.ts';
import type { RunState } from '@switchyard/shared/run/state.ts';
import { type RunRecord, runs } from '../../store/collections.ts';
import type { TriggerRecord } from '../../store/triggers/trigger-collections.ts';
import { enterFiles } from '../policies/enter-files.ts';
import { enterRun } from '../policies/enter-run.ts';
import { chooseVersion, choosing, divisionOf } from '../releases/choose-version.ts';
import { acceptRun, type RunStarting } from '../runs/accept-run.ts';
import { admitInput } from '../runs/admit-input.ts';
import { isKeyTaken } from '../webhooks/call-keys.ts';
import { refusePaused } from '../webhooks/receive-call.ts';
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
  /** Of a chat: what `trigger` also has. */
  readonly talk?: Pick<TriggerData, 'conversation' | 'history'> | undefined;
  /** The ID of its run, if that is known before. */
  readonly runId?: string | undefined;
  /** A caller waits for the output (S40). */
  readonly waited?: boolean | undefined;
  /** The input may have files that are not stored yet. */
  readonly hasFiles?: boolean;
}

export interface Triggered {
  readonly runId: string;
  readonly record: RunRecord;
  /** What runs. Undefined if the run was started earlier. */
  readonly graph?: Graph | undefined;
  /** Its committed state, if a caller waits and nothing has happened since. */
  readonly state?: RunState | undefined;
}

const keyOf = ({ id, workflowId }: Firing['trigger'], event: string): string => `${workflowId}:trigger:${id}:${event}`;

/** The run that an event of a trigger has started. */
export const triggeredBy = async ({ store }: Pick<RunStarting, 'store'>, trigger: Firing['trigger'], event: string): Promise<RunRecord | undefined> =>
  (await store.find(runs, { where: { idempotencyKey: keyOf(trigger, event) }, limit: 1 })).items[0];

/**
 * Starts a run of the live version for an event of a trigger, or returns the one that was started for it. Throws `not-found`,
 * `not-published`, `paused`, `killed`, `bad-input`, `overloaded`, `queue-full`, `redaction-refused`.
 */
export async function startTriggered(context: RunStarting, firing: Firing): Promise<Triggered> {
  const { trigger, kind, input, event, labels, chain, talk, waited, hasFiles } = firing;
  const name = keyOf(trigger, event);
  const earlier = async (): Promise<Triggered | undefined> => {
    const record = await triggeredBy(context, trigger, event);
    return record && { runId: record.id, record };
  };
  const known = await earlier();
  if (known) return known;
  const workflow = await getWorkflowRecord(context, trigger.workflowId);
  refusePaused(workflow);
  const division = divisionOf(workflow);
  if (!division) throw new AppError('not-published', 'This workflow isn’t published yet. Publish it first.');
  const given: TriggerData = { kind, body: input ?? null, ...talk };
  const { version, release, id = firing.runId } = chooseVersion(division, choosing(context), { trigger: given, labels, id: firing.runId });
  const { graph, hash } = await versionGraph(context, workflow.id, version);
  admitInput(context, graph, input);
  const policy = await context.policies.ofWorkflow(context.store, workflow.id);
  const redacted = await enterRun(context, policy, workflow.id, given, id === undefined ? {} : { id });
  const entered = hasFiles ? await enterFiles(context, policy, workflow.id, redacted) : redacted;
  try {
    const { record, state } = await acceptRun(context, {
      workflow,
      version,
      graphHash: hash,
      id,
      ...entered,
      labels,
      release,
      chain,
      actor: { kind: 'trigger', id: trigger.id },
      key: { name, bodyHash: '', permanent: true },
      waited,
    });
    return { runId: record.id, record, graph, state };
  } catch (error) {
    const first = isKeyTaken(error) ? await earlier() : undefined;
    if (!first) throw error;
    return first;
  }
}
