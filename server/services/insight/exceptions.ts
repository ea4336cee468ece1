import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { ExceptionPathView, HANDLED_BY, listExceptions as listContract } from '@switchyard/shared/contracts/insight/insight.ts';
import { isReference } from '@switchyard/shared/files/stored-value.ts';
import { type Graph, OUT } from '@switchyard/shared/graph/graph.ts';
import { isRemoved } from '@switchyard/shared/run/removed.ts';
import { addException, entryOf, noRollUp, type RollUp } from '../../insight/figures/roll-up.ts';
import { figuresOf, rangeOf, readRollUps } from '../../insight/read/read-roll-ups.ts';
import { graphs, type RunRecord, runs as runRecords, versions, workflows } from '../../store/collections.ts';
import type { ExceptionPath } from '../../store/insight/insight-collections.ts';
import type { ServiceContext } from '../context.ts';
import { titleOf } from '../experiments/experiment-items.ts';
import { liveVersionOf } from '../workflows/live-version.ts';
import { workflowNames } from './names.ts';

/* Exception paths: where runs leave what a workflow was made for (S85), and what handles them in its live version. */

const MOST = 200;
/** The graphs of this many workflows are read. Paths of the others are listed with their keys. */
const MOST_GRAPHS = 20;
/** The inputs of this many last examples are read. */
const MOST_EXCERPTS = 20;

interface Query {
  readonly workflowId?: string | undefined;
  readonly version?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly unautomated?: 'true' | undefined;
}

export async function listExceptions(context: ServiceContext, { unautomated, ...query }: Query): Promise<ReplyOf<typeof listContract>> {
  const byWorkflow = new Map<string, RollUp>();
  let runs = 0;
  for (const record of await readRollUps(context.store, rangeOf(query, context.now()), query.workflowId)) {
    runs += figuresOf(record, undefined).counters.runs;
    const to = entryOf(byWorkflow, record.workflowId, noRollUp);
    for (const path of record.figures.exceptions) addException(to, path);
  }
  const found = [...byWorkflow].flatMap(([workflowId, { exceptions }]) => [...exceptions.values()].map((path) => ({ workflowId, path })));
  found.sort((one, other) => other.path.runs - one.path.runs);
  const names = await workflowNames(context);
  const graphOf = await liveGraphs(context, [...new Set(found.map(({ workflowId }) => workflowId))].slice(0, MOST_GRAPHS));
  const items = found.map(({ workflowId, path }) => viewOf(workflowId, names.get(workflowId) ?? workflowId, path, graphOf.get(workflowId)));
  const wanted = (unautomated ? items.filter(({ handledBy }) => handledBy === 'nothing' || handledBy === 'person') : items).slice(0, MOST);
  const excerpts = await excerptsOf(context, [...new Set(wanted.slice(0, MOST_EXCERPTS).map(({ last }) => last.runId))]);
  return { items: wanted.map((item) => ({ ...item, last: { ...item.last, excerpt: excerpts.get(item.last.runId) ?? null } })), runs };
}

/** The inputs of runs in a few words, as their data policies keep them. Large ones are stored elsewhere. */
async function excerptsOf({ store }: ServiceContext, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const { items } = await store.find(runRecords, { where: { id: ids }, fields: ['triggerData', 'payloadsRemovedAt'], limit: ids.length });
  return new Map(
    items.flatMap((run) => {
      const excerpt = excerptOf(run);
      return excerpt === undefined ? [] : [[run.id, excerpt] as const];
    }),
  );
}

/** Undefined if nothing is kept. Exported for tests. */
export function excerptOf({ triggerData: { sealed, body }, payloadsRemovedAt }: Pick<RunRecord, 'triggerData' | 'payloadsRemovedAt'>): string | undefined {
  const isKept = sealed === undefined && payloadsRemovedAt === undefined && body !== null && body !== undefined;
  return isKept && !isRemoved(body) && !isReference(body) ? titleOf(body) : undefined;
}

type PathWithoutExcerpt = Omit<ExceptionPathView, 'last'> & { readonly last: Omit<ExceptionPathView['last'], 'excerpt'> };

function viewOf(workflowId: string, workflowName: string, { nodeKey, port, runs, last }: ExceptionPath, graph: Graph | undefined): PathWithoutExcerpt {
  const nodeTitle = graph?.nodes.find(({ data }) => data.key === nodeKey)?.data.title ?? nodeKey;
  const { runId, at, code = null } = last;
  return {
    workflowId,
    workflowName,
    nodeKey,
    nodeTitle,
    port,
    runs,
    last: { runId, at, code },
    handledBy: graph ? handledBy(graph, nodeKey, port) : 'removed',
  };
}

async function liveGraphs({ store }: ServiceContext, workflowIds: readonly string[]): Promise<ReadonlyMap<string, Graph>> {
  const found = new Map<string, Graph>();
  for (const id of workflowIds) {
    const workflow = await store.get(workflows, id);
    const number = workflow && liveVersionOf(workflow);
    const version = typeof number === 'number' ? await store.get(versions, `${id}:${number}`) : undefined;
    const graph = version && (await store.get(graphs, version.graphHash))?.graph;
    if (graph) found.set(id, graph);
  }
  return found;
}

const REVIEW = 'human-review';

/** What a run that takes this path meets next. Exported for tests. */
export function handledBy({ nodes, edges }: Pick<Graph, 'nodes' | 'edges'>, nodeKey: string, port: string): (typeof HANDLED_BY)[number] {
  const node = nodes.find(({ data }) => data.key === nodeKey);
  if (!node) return 'removed';
  // The node itself continues.
  if (port === 'recovery' || port === 'fallback') return 'automation';
  const isOf = (handle: string | null | undefined): boolean => (handle ?? OUT) === port;
  const open = edges.filter(({ source, sourceHandle }) => source === node.id && isOf(sourceHandle)).map(({ target }) => target);
  if (open.length === 0) return 'nothing';
  const seen = new Set<string>();
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    if (nodes.find((candidate) => candidate.id === id)?.type === REVIEW) return 'person';
    open.push(...edges.filter(({ source, data }) => source === id && data?.back !== true).map(({ target }) => target));
  }
  return 'automation';
}
