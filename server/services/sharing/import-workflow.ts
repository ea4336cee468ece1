import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { importWorkflow as contract } from '@switchyard/shared/contracts/sharing.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { cleanGraph, cleanIncluded } from '@switchyard/shared/sharing/clean-graph.ts';
import { type Included, includedParts } from '@switchyard/shared/sharing/included.ts';
import { isN8nFile } from '@switchyard/shared/sharing/n8n/file.ts';
import { repairGraph } from '@switchyard/shared/sharing/repair-graph.ts';
import { type ToConnect, toConnectOf } from '@switchyard/shared/sharing/to-connect.ts';
import { readWorkflowFile } from '@switchyard/shared/sharing/workflow-file.ts';
import { findAll } from '../../store/find-all.ts';
import { routes } from '../../store/route-collections.ts';
import { ownTurn } from '../../turns.ts';
import type { ServiceContext } from '../context.ts';
import { missingPrompts } from '../workflows/draft-problems.ts';
import { createFrom } from './create-from.ts';
import { importN8n } from './import-n8n.ts';

type ImportedWorkflow = ReplyOf<typeof contract>;

/**
 * Creates a workflow from a file, ours or an export of n8n, and lists what it needs here and what was repaired. Nothing in the file runs. A connection in it is
 * only a name. It never matches one of ours automatically: the author of the file also chose where the node sends its secret.
 */
export async function importWorkflow(context: ServiceContext, sent: unknown): Promise<ImportedWorkflow> {
  if (isN8nFile(sent)) {
    const made = await importN8n(context, sent);
    return { ...made, toConnect: await stillToConnect(context, made.workflow.draft, {}) };
  }
  const { name, description, tags, graph: read, ...file } = readWorkflowFile(sent);
  await ownTurn();
  const repaired = repairGraph(read, context.catalog);
  await ownTurn();
  const graph = cleanGraph(repaired.graph, { catalog: context.catalog, connectionName: (reference) => reference });
  const included = cleanIncluded(includedParts(file));
  const { workflow, notes } = await createFrom(context, { name, description, tags, graph, ...included });
  return { workflow, toConnect: await stillToConnect(context, graph, included), notes: [...repaired.notes, ...notes] };
}

async function stillToConnect(context: ServiceContext, graph: Graph, included: Included): Promise<ToConnect[]> {
  const { store, catalog } = context;
  const known = new Set((await findAll(store, routes)).map((route) => route.name));
  const missing = new Set((await missingPrompts(context, graph)).map(({ nodeId }) => nodeId));
  const lacksPrompt = new Set(graph.nodes.filter(({ id }) => missing.has(id)).map(({ data }) => data.key));
  const unknownTypes = new Map<string, ToConnect>();
  for (const { type, data } of graph.nodes) {
    if (catalog(type)) continue;
    const entry = unknownTypes.get(type) ?? { kind: 'node-type', name: type, steps: [] };
    entry.steps.push(data.key);
    unknownTypes.set(type, entry);
  }
  const needed = toConnectOf(graph, included).filter(({ kind, name, steps }) =>
    kind === 'route' ? !known.has(name) : kind !== 'prompt' || steps.some((step) => lacksPrompt.has(step)),
  );
  return [...needed, ...unknownTypes.values()];
}
