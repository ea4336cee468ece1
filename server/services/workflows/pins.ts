import type { PinnedOutput } from '@switchyard/shared/contracts/building/pins.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { packFiles, unpackFiles } from '@switchyard/shared/files/packed-files.ts';
import { filesOf } from '@switchyard/shared/files/stored-value.ts';
import { ERROR_PORT, type GraphNode } from '@switchyard/shared/graph/graph.ts';
import type { NodeCatalog } from '@switchyard/shared/graph/node-kind.ts';
import { currentStep } from '@switchyard/shared/run/state.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';
import { runs } from '../../store/collections.ts';
import { findAll } from '../../store/find-all.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { type PinRecord, pins } from '../../store/registry-collections.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { redactorOf } from '../policies/enter-run.ts';
import { loadValue } from '../runs/load-value.ts';
import { readState } from '../runs/run-states.ts';
import { getWorkflowRecord } from './workflow-record.ts';

/*
 * Pinned outputs (S78). They are stored beside the draft, so nothing that copies, shares, or publishes a graph has them. A pin is redacted
 * when it is stored, and again when a run takes it: the data policy may have changed.
 */

/** The longest JSON of a pinned output, in characters. */
const MOST_CHARACTERS = 1_000_000;

const pinId = (workflowId: string, nodeKey: string): string => `${workflowId}:${nodeKey}`;

const viewOf = ({ nodeKey, output, port, updatedAt }: PinRecord): PinnedOutput => ({ nodeKey, output: unpackFiles(output ?? null), port, updatedAt });

export async function listPins(context: ServiceContext, workflowId: string): Promise<{ items: PinnedOutput[] }> {
  await getWorkflowRecord(context, workflowId);
  return { items: (await findAll(context.store, pins, { where: { workflowId } })).map(viewOf) };
}

export async function putPin(
  context: ServiceContext,
  { id: workflowId, nodeKey }: { readonly id: string; readonly nodeKey: string },
  sent: { readonly output?: unknown; readonly port?: string | undefined; readonly runId?: string | undefined },
): Promise<PinnedOutput> {
  const { draft } = await getWorkflowRecord(context, workflowId);
  const node = draft.nodes.find(({ data }) => data.key === nodeKey);
  if (!node) throw new AppError('not-found', `The draft has no node “${nodeKey}”.`);
  const given = sent.output ?? null;
  if (JSON.stringify(given).length > MOST_CHARACTERS) refuse('output', 'A pinned output has at most 1 million characters of JSON.');
  const port = portOf(context.catalog, node, given, sent.port);
  const whole = sent.runId === undefined ? given : await outputOfRun(context, sent.runId, nodeKey, given);
  const output = packFiles(await redacted(context, workflowId, whole));
  const { workspaceId } = context;
  const record: PinRecord = { id: pinId(workflowId, nodeKey), workspaceId, workflowId, nodeKey, output, port, updatedAt: timestamp(context) };
  const { updatedAt } = record;
  if (!(await context.store.update(pins, record.id, { output, port, updatedAt }))) await insertIfAbsent(context.store, pins, record);
  return viewOf(record);
}

/** The output as the step of a run returned it, with its files. Without them, or if it differs, the sent one. */
async function outputOfRun(context: ServiceContext, runId: string, nodeKey: string, sent: unknown): Promise<unknown> {
  const record = await context.store.get(runs, runId);
  const stored = record && currentStep(await readState(context, record), nodeKey)?.output;
  if (filesOf(stored).length === 0) return sent;
  const whole = await loadValue(context, stored);
  return sameJson(JSON.parse(JSON.stringify(whole)), sent) ? whole : sent;
}

export async function deletePin(
  context: ServiceContext,
  { id: workflowId, nodeKey }: { readonly id: string; readonly nodeKey: string },
): Promise<PinnedOutput> {
  await getWorkflowRecord(context, workflowId);
  const record = await context.store.get(pins, pinId(workflowId, nodeKey));
  if (!record) throw new AppError('not-found', `Node “${nodeKey}” has no pinned output.`);
  await context.store.delete(pins, record.id);
  return viewOf(record);
}

function refuse(path: string, message: string): never {
  throw new AppError('bad-request', message, { fields: [{ path, message }] });
}

/** The branch that runs take. */
function portOf(catalog: NodeCatalog, { type, data }: GraphNode, output: unknown, wanted: string | undefined): string | null {
  const kind = catalog(type);
  if (kind?.role !== 'step' && kind?.role !== 'container') return refuse('nodeKey', `“${data.title}” can’t have a pinned output. Input and Output always run.`);
  const outputs = kind.ports(data.params).outputs.map(({ id }) => id);
  const known = data.policy?.onError === 'branch' ? [...outputs, ERROR_PORT] : outputs;
  if (wanted !== undefined) return known.includes(wanted) ? wanted : refuse('port', `“${data.title}” has no branch “${wanted}”. It has: ${known.join(', ')}.`);
  if (outputs.length < 2) return null;
  return kind.portOf?.(data.params, output) ?? refuse('port', `Name the branch that runs take: ${known.join(', ')}.`);
}

/** The output as the data policy leaves it. */
async function redacted(context: ServiceContext, workflowId: string, output: unknown): Promise<unknown> {
  const policy = await context.policies.ofWorkflow(context.store, workflowId);
  if (policy?.content.logging === 'metadata')
    throw new AppError('redaction-refused', 'The data policy of this workflow stores no values, so outputs can’t be pinned.');
  return policy ? redactorOf(context, policy, { runId: '', workflowId }).shown(output) : output;
}
