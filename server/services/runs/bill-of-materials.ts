import type { BillOfMaterials } from '@switchyard/shared/contracts/bill-of-materials.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { ResolvedPrompt } from '@switchyard/shared/model/prompt-ref.ts';
import { readActor } from '@switchyard/shared/run/actor.ts';
import { parseAddress } from '@switchyard/shared/run/address.ts';
import type { JournalEvent, ModelCallRecord } from '@switchyard/shared/run/events.ts';
import type { ServiceContext } from '../context.ts';
import { canonicalJson, contentHash } from '../workflows/content-hash.ts';
import { loadFrozenGraph } from '../workflows/frozen-graph.ts';
import { getRunRecord } from './get-run.ts';
import { inputHashOf } from './input-hash.ts';
import { readEvents } from './journal-events.ts';

/** Params that hold a JSON Schema. */
const SCHEMA_PARAMS = ['schema', 'outputSchema'];

/** What exactly ran, from the journal and the frozen graph, never from the current state (S67). */
export async function billOfMaterials(context: ServiceContext, runId: string, productVersion: string): Promise<BillOfMaterials> {
  const record = await getRunRecord(context, runId);
  const events = await readEvents(context.store, runId);
  const started = events.find((event) => event.type === 'run-started');
  const calls = answeredCalls(events);
  const { graph } = await loadFrozenGraph(context, record.graphHash);
  return {
    runId,
    product: { version: productVersion },
    workflow: { id: record.workflowId, name: record.workflowName, version: record.version, graphHash: record.graphHash },
    caller: { actor: readActor(record.actor), trigger: record.trigger, labels: { ...record.labels } },
    nodeTypes: nodeTypesOf(graph),
    prompts: promptsOf(started?.prompts ?? [], calls),
    models: modelsOf(calls),
    prices: pricesOf(calls),
    input: { hash: inputHashOf(context, record) },
    schemas: graph.nodes.flatMap(({ data: { key, params } }) =>
      SCHEMA_PARAMS.flatMap((param) => (isPlainObject(params[param]) ? [{ nodeKey: key, param, hash: contentHash(params[param]) }] : [])),
    ),
    policies: started?.policy === undefined ? [] : [{ kind: 'data', hash: started.policy }],
    reviewers: reviewersOf(events),
  };
}

const nodeKeyOf = (stepId: string): string => {
  const address = parseAddress(stepId);
  return address?.kind === 'step' ? address.nodeKey : stepId;
};

interface AnsweredCall {
  readonly nodeKey: string;
  readonly record: ModelCallRecord;
}

/** The model calls of all steps, also those of items that have ended. A repeated call counts once. */
function answeredCalls(events: readonly JournalEvent[]): AnsweredCall[] {
  const calls = new Map<string, AnsweredCall>();
  for (const event of events) {
    if (event.type !== 'call-finished' && event.type !== 'call-failed') continue;
    const { callId, stepId, record } = event;
    if (record?.kind === 'model' && isAnswered(record)) calls.set(callId, { nodeKey: nodeKeyOf(stepId), record });
    else calls.delete(callId);
  }
  return [...calls.values()];
}

/** A call whose targets all failed used no model. */
const isAnswered = ({ attempts }: ModelCallRecord): boolean => attempts.some(({ error }) => !error);

/** Who decided at each node. */
function reviewersOf(events: readonly JournalEvent[]): BillOfMaterials['reviewers'] {
  const found = new Map<string, BillOfMaterials['reviewers'][number]>();
  for (const event of events) {
    if (event.type !== 'wait-ended' || event.by !== 'decision' || !isPlainObject(event.value)) continue;
    const { reviewer } = event.value;
    const nodeKey = nodeKeyOf(event.stepId);
    if (typeof reviewer === 'string') found.set(canonicalJson([nodeKey, reviewer]), { nodeKey, by: reviewer });
  }
  return [...found.values()];
}

function nodeTypesOf({ nodes }: Graph): BillOfMaterials['nodeTypes'] {
  const found = new Map<string, { type: string; version: number; nodes: string[] }>();
  for (const { type, data } of nodes) {
    const id = `${type}@${data.typeVersion}`;
    const entry = found.get(id) ?? { type, version: data.typeVersion, nodes: [] };
    entry.nodes.push(data.key);
    found.set(id, entry);
  }
  return [...found.entries()].sort(([one], [two]) => (one < two ? -1 : 1)).map(([, entry]) => entry);
}

function promptsOf(prompts: readonly ResolvedPrompt[], calls: readonly AnsweredCall[]): BillOfMaterials['prompts'] {
  const used = calls.flatMap(({ record }) => record.prompt ?? []);
  return prompts.map(({ name, label, version, contentHash: hash }) => ({
    name,
    label: label ?? null,
    version,
    contentHash: hash,
    variants: [...new Set(used.filter((use) => use.name === name && use.version === version).flatMap((use) => use.variant ?? []))],
  }));
}

function modelsOf(calls: readonly AnsweredCall[]): BillOfMaterials['models'] {
  const found = new Map<string, BillOfMaterials['models'][number]>();
  for (const { nodeKey, record } of calls) {
    const { route, routeVersion = null, model, connection, provider } = record;
    const fallbacks = record.attempts.flatMap((attempt) =>
      attempt.error ? [{ connection: attempt.connection, model: attempt.model, reason: attempt.error.code }] : [],
    );
    const id = canonicalJson([nodeKey, route, routeVersion, model, connection, fallbacks]);
    const known = found.get(id);
    if (known) known.calls++;
    else found.set(id, { nodeKey, route, routeVersion, model, connection, provider, fallbacks, calls: 1 });
  }
  return [...found.values()];
}

function pricesOf(calls: readonly AnsweredCall[]): BillOfMaterials['prices'] {
  const found = new Map<string, BillOfMaterials['prices'][number]>();
  for (const { record } of calls) {
    if (!record.price) continue;
    const price = { model: record.model, connection: record.connection, ...record.price };
    found.set(canonicalJson(price), price);
  }
  return [...found.values()];
}
