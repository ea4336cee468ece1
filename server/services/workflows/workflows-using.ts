import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import { graphs, versions, type WorkflowRecord, workflows } from '../../store/collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';

/** Few at a time: each page is read and searched without a pause. */
const PAGE = 20;

/** The nodes of a workflow’s draft, and of its released versions. */
async function nodesOf(store: WorkspaceStore, { id, draft, release }: WorkflowRecord): Promise<GraphNode[]> {
  const released = await Promise.all(
    release.map(async ({ version }) => {
      const record = await store.get(versions, `${id}:${version}`);
      return record && (await store.get(graphs, record.graphHash));
    }),
  );
  return [...draft.nodes, ...released.flatMap((frozen) => frozen?.graph.nodes ?? [])];
}

interface UsingWorkflow<T> {
  readonly id: string;
  readonly name: string;
  readonly uses: T[];
}

/** The workflows whose draft or released version has a node in which `usesOf` finds something, with all it found. */
export async function workflowsUsing<T>(store: WorkspaceStore, usesOf: (node: GraphNode) => readonly T[]): Promise<UsingWorkflow<T>[]> {
  const found: UsingWorkflow<T>[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.find(workflows, { limit: PAGE, ...(cursor !== undefined && { cursor }) });
    for (const workflow of page.items) {
      if (workflow.deletedAt !== null) continue;
      const uses = (await nodesOf(store, workflow)).flatMap(usesOf);
      if (uses.length > 0) found.push({ id: workflow.id, name: workflow.name, uses });
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}
