import type { ConnectionUsage } from '@switchyard/shared/contracts/models.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { isConnectionParam } from '@switchyard/shared/sharing/left-out.ts';
import { graphs, versions, type WorkflowRecord, workflows } from '../../store/collections.ts';
import { findAll } from '../../store/find-all.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { routes } from '../../store/route-collections.ts';
import { liveVersionOf } from '../workflows/live-version.ts';

/** Few at a time: each page is read and searched without a pause. */
const PAGE = 20;

const names = (graph: Pick<Graph, 'nodes'>, connectionId: string): boolean =>
  graph.nodes.some(({ data }) => Object.entries(data.params).some(([name, value]) => value === connectionId && isConnectionParam(name)));

/** Whether the draft or the live version of a workflow uses a connection. */
async function uses(store: WorkspaceStore, workflow: WorkflowRecord, connectionId: string): Promise<boolean> {
  if (names(workflow.draft, connectionId)) return true;
  const live = liveVersionOf(workflow);
  const version = live === null ? undefined : await store.get(versions, `${workflow.id}:${live}`);
  const frozen = version && (await store.get(graphs, version.graphHash));
  return frozen !== undefined && names(frozen.graph, connectionId);
}

/** The routes and workflows that use a connection. */
export async function connectionUsage(store: WorkspaceStore, connectionId: string): Promise<ConnectionUsage> {
  const found: ConnectionUsage['workflows'] = [];
  let cursor: string | undefined;
  do {
    const page = await store.find(workflows, { limit: PAGE, ...(cursor !== undefined && { cursor }) });
    for (const workflow of page.items) {
      if (workflow.deletedAt === null && (await uses(store, workflow, connectionId))) found.push({ id: workflow.id, name: workflow.name });
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const items = await findAll(store, routes);
  const targeted = items.filter(({ targets }) => targets.some((target) => target.connectionId === connectionId));
  return { workflows: found, routes: targeted.map(({ name, automatic }) => ({ name, automatic })) };
}
