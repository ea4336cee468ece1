import { inputParams } from '@switchyard/nodes/io/input.ts';
import { type FormSettings, formSettings } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { AppError, toAppError } from '@switchyard/shared/errors.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import { type TriggerRecord, triggers } from '../../../store/triggers/trigger-collections.ts';
import { triggerCaller } from '../../caller.ts';
import { type Installation, type ServiceContext, timestamp } from '../../context.ts';
import { openCapability } from '../../directory.ts';
import { newId } from '../../ids.ts';
import { liveVersionOf } from '../../workflows/live-version.ts';
import { versionGraph } from '../../workflows/versions.ts';
import { getWorkflowRecord } from '../../workflows/workflow-record.ts';
import { noteDelivery } from '../note-delivery.ts';
import { startTriggered } from '../start-triggered.ts';

/* A form is a capability: anyone with its URL can fill it in, without signing in. */

export interface OpenForm {
  readonly context: ServiceContext;
  readonly trigger: TriggerRecord;
  readonly settings: FormSettings;
}

const PAUSED_RETRY_MS = 60_000;

const noForm = () => new AppError('not-found', 'This form doesn’t exist, or is closed.');

/** The form of a token, if it is turned on. Throws `not-found`. */
export async function openForm(installation: Installation, token: string): Promise<OpenForm> {
  const callerOf = ({ workspaceId, id }: TriggerRecord) => triggerCaller(workspaceId, id);
  const opened = await openCapability(installation, { collection: triggers, field: 'token', token, callerOf });
  if (opened?.record.kind !== 'form' || !opened.record.enabled) throw noForm();
  const { context, record: trigger } = opened;
  return { context, trigger, settings: formSettings.parse(trigger.settings) };
}

/** What the live version of its workflow asks for. Throws `not-found`, `not-published`, `paused`. */
export async function formSchema({ context, trigger }: OpenForm): Promise<JsonSchema> {
  const workflow = await getWorkflowRecord(context, trigger.workflowId).catch(() => {
    throw noForm();
  });
  if (workflow.paused) throw new AppError('paused', 'This form is paused. Try again later.', { retryAfterMs: PAUSED_RETRY_MS });
  const version = liveVersionOf(workflow);
  if (version === null) throw new AppError('not-published', 'This form isn’t open yet.');
  const { graph } = await versionGraph(context, workflow.id, version);
  const node = graph.nodes.find(({ type, data }) => context.catalog(type)?.role === 'start' && !data.disabled);
  const params = inputParams.safeParse(node?.data.params);
  return params.success ? params.data.schema : {};
}

/** Starts a run with this input, or returns the one that the same nonce has started. Throws as `startTriggered` does. */
export async function sendForm({ context, trigger }: OpenForm, input: unknown, nonce: string | undefined): Promise<{ readonly runId: string }> {
  const at = timestamp(context);
  const event = nonce ?? newId('sub', context.now());
  try {
    const started = await startTriggered(context, { trigger, kind: 'form', input, event });
    await noteDelivery(context.store, trigger, event, { at, outcome: 'started', runId: started.runId });
    return started;
  } catch (thrown) {
    // Under its own ID, since a corrected form has the same nonce.
    await noteDelivery(context.store, trigger, newId('rej', context.now()), { at, outcome: 'rejected', code: toAppError(thrown).code });
    throw thrown;
  }
}
