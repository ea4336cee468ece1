import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { estimateReplay as estimateContract } from '@switchyard/shared/contracts/evaluation/replays.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { diffGraphs } from '@switchyard/shared/graph/graph-diff.ts';
import { descendants, topologyOf } from '@switchyard/shared/graph/topology.ts';
import { parseAddress } from '@switchyard/shared/run/address.ts';
import { costOfCall } from '@switchyard/shared/run/cost.ts';
import type { ServiceContext } from '../context.ts';
import { readEvents } from '../runs/journal-events.ts';
import { loadFrozenGraph } from '../workflows/frozen-graph.ts';
import { versionGraph } from '../workflows/versions.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { chooseRuns, isReplayable, type WantedRuns } from './choose-runs.ts';
import { AT_ONCE } from './replay-job.ts';

/** How many journals are read for an estimate. The rest is assumed to be like them. */
const MOST_READ = 100;

interface Wanted extends WantedRuns {
  readonly version: 'draft' | number;
}

/** Estimates what a replay may spend: what the model calls of changed nodes, and of those after them, cost before. */
export async function estimateReplay(context: ServiceContext, wanted: Wanted): Promise<ReplyOf<typeof estimateContract>> {
  const workflow = await getWorkflowRecord(context, wanted.workflowId);
  const after = wanted.version === 'draft' ? workflow.draft : (await versionGraph(context, workflow.id, wanted.version)).graph;
  const chosen = await chooseRuns(context, wanted);
  const usable = chosen.filter(isReplayable);
  const changes = new Map<string, Changes>();
  const sum: Sum = { modelCalls: 0, costMicros: 0, unknownPrice: 0, mostMicros: 0 };
  const sample = usable.slice(0, MOST_READ);
  for (const { id, graphHash } of sample) {
    const known = changes.get(graphHash) ?? changesBetween((await loadFrozenGraph(context, graphHash)).graph, after);
    changes.set(graphHash, known);
    if (known.changed.size > 0) addCalls(sum, known.changed, await readEvents(context.store, id));
  }
  const scale = sample.length > 0 ? usable.length / sample.length : 1;
  const all = [...changes.values()];
  return {
    runs: chosen.length,
    notReplayable: chosen.length - usable.length,
    from: chosen.at(-1)?.createdAt ?? null,
    to: chosen[0]?.createdAt ?? null,
    changedNodes: [...new Set(all.flatMap(({ changed }) => [...changed]))],
    modelCalls: Math.ceil(sum.modelCalls * scale),
    costMicros: sum.costMicros * scale,
    reservedMicros: sum.mostMicros * AT_ONCE,
    unknownPrice: Math.ceil(sum.unknownPrice * scale),
    newModelNodes: [...new Set(all.flatMap(({ newModels }) => newModels))],
  };
}

interface Changes {
  /** Keys of nodes whose calls may differ. */
  readonly changed: ReadonlySet<string>;
  readonly newModels: readonly string[];
}

const CALLS_MODEL = new Set(['prompt', 'classify', 'guardrail', 'agent']);

function changesBetween(before: Graph, after: Graph): Changes {
  const { nodes, edges, vars, helpers } = diffGraphs(before, after);
  const differing = nodes.flatMap(({ kind, after: node }) => (node && (kind === 'changed' || kind === 'added') ? [node] : []));
  const ends = edges.flatMap(({ before: was, after: is }) => [was?.target, is?.target].flatMap((id) => id ?? []));
  const removed = nodes.flatMap(({ kind, before: node }) => (kind === 'removed' && node ? [node.id] : []));
  const everything = vars.length > 0 || helpers.length > 0;
  const topology = topologyOf(after);
  const first = everything ? after.nodes.map(({ id }) => id) : [...differing.map(({ id }) => id), ...ends, ...removed];
  const ids = new Set(first.flatMap((id) => [id, ...descendants(topology, id)]));
  const added = new Set(nodes.flatMap(({ kind, after: node }) => (kind === 'added' && node ? [node.id] : [])));
  return {
    changed: new Set(after.nodes.filter(({ id, parentId }) => ids.has(id) || (parentId !== undefined && ids.has(parentId))).map(({ data }) => data.key)),
    newModels: after.nodes.filter(({ id, type }) => added.has(id) && CALLS_MODEL.has(type)).map(({ data }) => data.key),
  };
}

interface Sum {
  modelCalls: number;
  costMicros: number;
  unknownPrice: number;
  /** The most that one call reserves. */
  mostMicros: number;
}

/** The tokens of output that a request without a limit reserves, and the most bytes that a token of input has here. */
const RESERVED = { output: 4_096, bytesPerToken: 6 };

function addCalls(sum: Sum, changed: ReadonlySet<string>, events: Awaited<ReturnType<typeof readEvents>>): void {
  for (const event of events) {
    if (event.type !== 'call-finished' || event.record?.kind !== 'model') continue;
    const address = parseAddress(event.stepId);
    if (address?.kind !== 'step' || !changed.has(address.nodeKey)) continue;
    const cost = costOfCall(event.record);
    sum.modelCalls++;
    sum.costMicros += cost.costMicros;
    sum.unknownPrice += cost.unknownPrice;
    const { price, usage } = event.record;
    if (price) sum.mostMicros = Math.max(sum.mostMicros, price.output * RESERVED.output + price.input * usage.inputTokens * RESERVED.bytesPerToken);
  }
}
