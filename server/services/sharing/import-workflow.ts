import type { Workflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { cleanGraph } from '@switchyard/shared/sharing/clean-graph.ts';
import { type ToConnect, toConnectOf } from '@switchyard/shared/sharing/to-connect.ts';
import { readWorkflowFile } from '@switchyard/shared/sharing/workflow-file.ts';
import { routes } from '../../store/collections.ts';
import type { ServiceContext } from '../context.ts';
import { createWorkflow } from '../workflows/create-workflow.ts';

/**
 * Makes a workflow of a file, and says what it still needs here. Nothing in the file is run. A connection in it is only a name: it is
 * never tied by itself to one of ours that is called the same, as whoever wrote the file also chose where the step sends its secret.
 */
export async function importWorkflow(context: ServiceContext, sent: unknown): Promise<{ workflow: Workflow; toConnect: ToConnect[] }> {
  const { name, description, graph: read } = readWorkflowFile(sent);
  const graph = cleanGraph(read, { catalog: context.catalog, connectionName: (reference) => reference });
  const toConnect = await stillToConnect(context, graph);
  return { workflow: await createWorkflow(context, { name, description, graph }), toConnect };
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
