import type { BillOfMaterials } from '@switchyard/shared/contracts/bill-of-materials.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { readActor } from '@switchyard/shared/run/actor.ts';
import type { ModelCallRecord } from '@switchyard/shared/run/events.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import type { RunState, StepState } from '@switchyard/shared/run/state.ts';
import type { ServiceContext } from '../context.ts';
import { canonicalJson, contentHash } from '../workflows/content-hash.ts';
import { loadFrozenGraph } from '../workflows/frozen-graph.ts';
import { getRunRecord } from './get-run.ts';
import { readEvents } from './journal-events.ts';

/** Params that hold a JSON Schema. */
const SCHEMA_PARAMS = ['schema', 'outputSchema'];

/** What exactly ran, from the journal and the frozen graph, never from the current state (S67). */
export async function billOfMaterials(context: ServiceContext, runId: string, productVersion: string): Promise<BillOfMaterials> {
  const record = await getRunRecord(context, runId);
  const state = fold(await readEvents(context.store, runId));
  const { graph } = await loadFrozenGraph(context, record.graphHash);
  const steps = [...state.steps.values()];
  return {
    runId,
    product: { version: productVersion },
    workflow: { id: record.workflowId, name: record.workflowName, version: record.version, graphHash: record.graphHash },
    caller: { actor: readActor(record.actor), trigger: record.trigger, labels: { ...record.labels } },
    nodeTypes: nodeTypesOf(graph),
    prompts: promptsOf(state, steps),
    models: modelsOf(steps),
    prices: pricesOf(steps),
    input: { hash: contentHash(record.triggerData.body ?? null) },
    schemas: graph.nodes.flatMap(({ data: { key, params } }) =>
      SCHEMA_PARAMS.flatMap((param) => (isPlainObject(params[param]) ? [{ nodeKey: key, param, hash: contentHash(params[param]) }] : [])),
    ),
    policies: state.policy === undefined ? [] : [{ kind: 'data', hash: state.policy }],
    reviewers: steps.flatMap(({ nodeKey, resolution }) => {
      const value = resolution?.by === 'decision' && isPlainObject(resolution.value) ? resolution.value : {};
      return typeof value.by === 'string' ? [{ nodeKey, by: value.by }] : [];
    }),
  };
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

const modelCalls = (steps: readonly StepState[]) =>
  steps.flatMap(({ nodeKey, calls }) => calls.flatMap(({ record }) => (record?.kind === 'model' && isAnswered(record) ? [{ nodeKey, record }] : [])));

/** A call whose targets all failed used no model. */
const isAnswered = ({ attempts }: ModelCallRecord): boolean => attempts.some(({ error }) => !error);

function promptsOf({ prompts = [] }: RunState, steps: readonly StepState[]): BillOfMaterials['prompts'] {
  const used = modelCalls(steps).flatMap(({ record }) => record.prompt ?? []);
  return prompts.map(({ name, label, version, contentHash: hash }) => ({
    name,
    label: label ?? null,
    version,
    contentHash: hash,
    variants: [...new Set(used.filter((use) => use.name === name && use.version === version).flatMap((use) => use.variant ?? []))],
  }));
}

function modelsOf(steps: readonly StepState[]): BillOfMaterials['models'] {
  const found = new Map<string, BillOfMaterials['models'][number]>();
  for (const { nodeKey, record } of modelCalls(steps)) {
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

function pricesOf(steps: readonly StepState[]): BillOfMaterials['prices'] {
  const found = new Map<string, BillOfMaterials['prices'][number]>();
  for (const { record } of modelCalls(steps)) {
    if (!record.price) continue;
    const price = { model: record.model, connection: record.connection, ...record.price };
    found.set(canonicalJson(price), price);
  }
  return [...found.values()];
}
