import type { PromptWithVersions } from '@switchyard/shared/contracts/prompts.ts';
import { type PromptRef, promptRefsOf, promptRefText } from '@switchyard/shared/model/prompt-ref.ts';
import { graphs, versions, type WorkflowRecord, workflows } from '../../store/collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { liveVersionOf } from '../workflows/live-version.ts';

/** Few at a time: each page is read and searched without a pause. */
const PAGE = 20;

async function refsOfWorkflow(store: WorkspaceStore, workflow: WorkflowRecord): Promise<PromptRef[]> {
  const draft = promptRefsOf(workflow.draft.nodes.map(({ data }) => data));
  const live = liveVersionOf(workflow);
  const version = live === null ? undefined : await store.get(versions, `${workflow.id}:${live}`);
  const frozen = version && (await store.get(graphs, version.graphHash));
  return frozen ? [...draft, ...promptRefsOf(frozen.graph.nodes.map(({ data }) => data))] : draft;
}

/** The workflows whose draft or live version names a prompt, with their references to it. */
export async function promptUsage(
  store: WorkspaceStore,
  name: string,
  matches: (ref: PromptRef) => boolean = () => true,
): Promise<PromptWithVersions['usedBy']> {
  const found: PromptWithVersions['usedBy'] = [];
  let cursor: string | undefined;
  do {
    const page = await store.find(workflows, { limit: PAGE, ...(cursor !== undefined && { cursor }) });
    for (const workflow of page.items) {
      if (workflow.deletedAt !== null) continue;
      const refs = (await refsOfWorkflow(store, workflow)).filter((ref) => ref.name === name && matches(ref));
      if (refs.length > 0) found.push({ id: workflow.id, name: workflow.name, references: [...new Set(refs.map(promptRefText))] });
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}
