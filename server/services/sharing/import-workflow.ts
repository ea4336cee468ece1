import type { Workflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { cleanGraph } from '@switchyard/shared/sharing/clean-graph.ts';
import { repairGraph } from '@switchyard/shared/sharing/repair-graph.ts';
import { type ToConnect, toConnectOf } from '@switchyard/shared/sharing/to-connect.ts';
import { readWorkflowFile } from '@switchyard/shared/sharing/workflow-file.ts';
import { routes } from '../../store/route-collections.ts';
import { ownTurn } from '../../turns.ts';
import type { ServiceContext } from '../context.ts';
import { createWorkflow } from '../workflows/create-workflow.ts';

interface ImportedWorkflow {
  readonly workflow: Workflow;
  readonly toConnect: ToConnect[];
  readonly notes: string[];
}

/**
 * Creates a workflow from a file, and lists what it needs here and what was repaired. Nothing in the file runs. A connection in it is
 * only a name. It never matches one of ours automatically: the author of the file also chose where the node sends its secret.
 */
export async function importWorkflow(context: ServiceContext, sent: unknown): Promise<ImportedWorkflow> {
  const { name, description, graph: read } = readWorkflowFile(sent);
  await ownTurn();
  const repaired = repairGraph(read, context.catalog);
  await ownTurn();
  const graph = cleanGraph(repaired.graph, { catalog: context.catalog, connectionName: (reference) => reference });
  const toConnect = await stillToConnect(context, graph);
  return { workflow: await createWorkflow(context, { name, description, graph }), toConnect, notes: [...repaired.notes] };
}

async function stillToConnect({ store, catalog }: ServiceContext, graph: Graph): Promise<ToConnect[]> {
  const known = new Set((await store.find(routes, { limit: 1_000 })).items.map((route) => route.name));
  const unknownTypes = new Map<string, ToConnect>();
  for (const { type, data } of graph.nodes) {
    if (catalog(type)) continue;
    const entry = unknownTypes.get(type) ?? { kind: 'node-type', name: type, steps: [] };
    entry.steps.push(data.key);
    unknownTypes.set(type, entry);
  }
  return [...toConnectOf(graph).filter(({ kind, name }) => kind !== 'route' || !known.has(name)), ...unknownTypes.values()];
}
