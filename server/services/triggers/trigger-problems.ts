import { certainErrors } from '@switchyard/nodes/io/fit-input.ts';
import { inputParams } from '@switchyard/nodes/io/input.ts';
import { type EndedInput, scheduleSettings } from '@switchyard/shared/contracts/triggers/triggers.ts';
import type { FieldError } from '@switchyard/shared/errors.ts';
import { type CheckedGraph, readGraph } from '@switchyard/shared/graph/check/checked-graph.ts';
import { type InputRead, inputReads } from '@switchyard/shared/graph/check/input-reads.ts';
import { optionalText } from '@switchyard/shared/graph/check/optional-text.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { isoTime } from '@switchyard/shared/iso-time.ts';
import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { TooMuchWork } from '@switchyard/shared/json-schema/meter.ts';
import { validateJson } from '@switchyard/shared/json-schema/validate.ts';
import { MOST_TRIGGERS } from '@switchyard/shared/sharing/included.ts';
import { type TriggerRecord, triggers } from '../../store/triggers/trigger-collections.ts';
import { inTurns, ownTurn } from '../../turns.ts';
import type { ServiceContext } from '../context.ts';
import { scheduleInput } from './schedule/schedule-input.ts';

/**
 * Enabled triggers whose runs the Input node would certainly reject, and fields of the input that nodes read but a trigger doesn’t send.
 * Warnings: webhooks and other triggers may still send them. Forms follow the schema, and what a queue sends is unknown.
 */
export async function triggerProblems({ store, catalog }: Pick<ServiceContext, 'store' | 'catalog'>, workflowId: string, graph: Graph): Promise<Problem[]> {
  const { items } = await store.find(triggers, { where: { workflowId }, order: { field: 'createdAt' }, limit: MOST_TRIGGERS });
  const sending = items.filter(({ enabled, kind }) => enabled && kind !== 'form' && kind !== 'queue');
  if (sending.length === 0) return [];
  await ownTurn();
  const read = readGraph(graph, catalog);
  const reads = await readsOf(read);
  const found: Problem[] = [];
  for (const trigger of sending) {
    await ownTurn();
    found.push(...problemsOf(trigger, read, reads));
  }
  // Several schedules may lack the same.
  return [...new Map(found.map((problem) => [`${problem.nodeId} ${problem.field} ${problem.message}`, problem])).values()];
}

/** Looking into all schemas may take too long. Then nothing is known. */
async function readsOf(read: CheckedGraph): Promise<InputRead[]> {
  try {
    return await inTurns(inputReads(read));
  } catch (thrown) {
    if (thrown instanceof TooMuchWork) return [];
    throw thrown;
  }
}

function problemsOf(trigger: TriggerRecord, { starts }: CheckedGraph, reads: readonly InputRead[]): Problem[] {
  const start = starts.find(({ node }) => node.data.disabled !== true);
  const params = inputParams.safeParse(start?.params);
  if (!start || !params.success) return [];
  const sent = inputOf(trigger, params.data.schema);
  const errors = certainErrors(sent, { admission: params.data, schemaOf: (template) => SENT[template], validate: validateJson });
  if (errors.length > 0) return [rejection(start.id, trigger, errors)];
  return reads
    .filter(({ name }) => !Object.hasOwn(sent, name))
    .map(({ node, field, reference, name }) => ({
      nodeId: node.id,
      field,
      severity: 'warning',
      code: 'trigger-input',
      message: `${node.name} uses “input.${name}”, which runs of the ${nameOf(trigger)} trigger don’t have.`,
      suggestion: `Write ${optionalText(reference, 0, {})}, or use another value.`,
    }));
}

const nameOf = ({ kind }: TriggerRecord): string => kind.replace('-', ' ');

const MOST_SAID = 3;

function rejection(nodeId: string, trigger: TriggerRecord, errors: readonly FieldError[]): Problem {
  const said = errors.slice(0, MOST_SAID).map(({ path, message }) => (path === '' ? message : `“${path}” ${message}`));
  const more = errors.length > MOST_SAID ? ` (and ${errors.length - MOST_SAID} more)` : '';
  return {
    nodeId,
    field: 'schema',
    severity: 'warning',
    code: 'trigger-input',
    message: `The Input node rejects runs of the ${nameOf(trigger)} trigger: ${said.join('; ')}${more}.`,
    suggestion:
      trigger.kind === 'schedule' ? 'Set a fixed input under Triggers, or change the fields.' : 'Change the fields, for example by making them optional.',
  };
}

const SOME_TIME = isoTime(0);
const TEXT = '{{ text }}';
const OBJECT = '{{ object }}';
const ANY = '{{ any }}';
/** The schemas of values that are only known when a trigger fires. */
const SENT: Readonly<Record<string, JsonSchema>> = { [TEXT]: { type: 'string' }, [OBJECT]: { type: 'object' } };

const ENDED: Readonly<Record<keyof EndedInput, string>> = {
  runId: TEXT,
  workflowId: TEXT,
  workflowName: TEXT,
  status: TEXT,
  output: ANY,
  error: ANY,
  labels: OBJECT,
};

function inputOf({ kind, settings }: TriggerRecord, schema: JsonSchema): Readonly<Record<string, unknown>> {
  if (kind === 'schedule') return scheduleInput(scheduleSettings.parse(settings), { dueAt: SOME_TIME, firedAt: SOME_TIME });
  if (kind !== 'chat') return ENDED;
  const takesFiles = isPlainObject(schema.properties) && schema.properties.files !== undefined;
  return { message: TEXT, ...(takesFiles && { files: ANY }) };
}
