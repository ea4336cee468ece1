import { toAppError } from '@switchyard/shared/errors.ts';
import { isoTime } from '@switchyard/shared/iso-time.ts';
import type { TriggerRecord } from '../../../store/triggers/trigger-collections.ts';
import type { RunStarting } from '../../runs/accept-run.ts';
import { liveVersionOf } from '../../workflows/live-version.ts';
import { versionGraph } from '../../workflows/versions.ts';
import { getWorkflowRecord } from '../../workflows/workflow-record.ts';
import { inputSchemaOf } from '../input-schema.ts';
import { noteDelivery } from '../note-delivery.ts';
import { startTriggered } from '../start-triggered.ts';
import { messageInput } from './message-input.ts';

/** A message of a stream. */
export interface QueueMessage {
  readonly id: string;
  readonly fields: ReadonlyMap<string, string>;
  /** How often it was delivered to a consumer that never acknowledged it, if that is known. */
  readonly deliveries?: number | undefined;
}

/** Errors that pass: the message waits in the stream, and so do those after it. */
const PASSING: ReadonlySet<string> = new Set(['paused', 'killed', 'overloaded', 'queue-full', 'not-ready', 'not-published', 'not-found']);
/** A message that was delivered this often without an answer ends processes, or makes them fail. */
const MOST_DELIVERIES = 5;
/** As many bytes as a webhook accepts at most. */
const MOST_CHARACTERS = 10_000_000;

/**
 * Starts the run of a message, whose ID is its idempotency key. Returns null once it is settled: its run was accepted, or it was rejected and
 * recorded as such. Otherwise returns why it has to wait. Throws `internal`.
 */
export async function acceptMessage(context: RunStarting, trigger: TriggerRecord, message: QueueMessage): Promise<string | null> {
  const { store, now } = context;
  const at = isoTime(now().getTime());
  if ((message.deliveries ?? 0) > MOST_DELIVERIES) return rejectMessage(context, trigger, message, 'run-crashed');
  if (sizeOf(message) > MOST_CHARACTERS) return rejectMessage(context, trigger, message, 'too-large');
  try {
    const input = messageInput(await schemaOf(context, trigger), message.fields);
    const { runId } = await startTriggered(context, { trigger, kind: 'queue', input, event: message.id });
    await noteDelivery(store, trigger, message.id, { at, outcome: 'started', runId });
    return null;
  } catch (thrown) {
    const { code } = toAppError(thrown);
    if (code === 'internal') throw thrown;
    return PASSING.has(code) ? code : rejectMessage(context, trigger, message, code);
  }
}

const sizeOf = ({ fields }: QueueMessage): number => [...fields].reduce((sum, [name, text]) => sum + name.length + text.length, 0);

/** Records that a message was rejected. It stays in the stream. */
export async function rejectMessage({ store, now }: RunStarting, trigger: TriggerRecord, { id }: QueueMessage, code: string): Promise<null> {
  await noteDelivery(store, trigger, id, { at: isoTime(now().getTime()), outcome: 'rejected', code });
  return null;
}

async function schemaOf(context: RunStarting, { workflowId }: TriggerRecord) {
  const version = liveVersionOf(await getWorkflowRecord(context, workflowId));
  return version === null ? {} : inputSchemaOf(context, (await versionGraph(context, workflowId, version)).graph);
}
