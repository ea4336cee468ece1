import { type Template, useTemplate } from '@switchyard/shared/contracts/templates.ts';
import { createWorkflow, getVersion, getWorkflow, publishWorkflow, type Workflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { freeTitle } from '../ui/format.ts';
import { showFailure, showNotes } from '../ui/toast.tsx';
import { call } from './call.ts';
import { keys } from './keys.ts';
import { workflowsQuery } from './queries.ts';

/** To call after creating a workflow, which may have created prompts and budgets, too. */
export const refreshAfterCreation = (client: QueryClient): void => {
  for (const queryKey of [keys.workflows, keys.workflowTags, keys.prompts, keys.budgets]) void client.invalidateQueries({ queryKey });
};

/** Opens a workflow that was just created, without refetching it. */
function useOpenNew() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return (workflow: Workflow) => {
    client.setQueryData(keys.workflow(workflow.id), workflow);
    refreshAfterCreation(client);
    return navigate({ to: '/workflows/$id', params: { id: workflow.id } });
  };
}

/** The list is refetched after every local change. Changes made elsewhere may show this late. */
const LIST_KEEPS_MS = 10_000;

/** An unused workflow name: `wanted`, or with a number appended. */
export async function freeWorkflowName(client: QueryClient, wanted: string): Promise<string> {
  const workflows = await client.fetchQuery({ ...workflowsQuery(), staleTime: LIST_KEEPS_MS });
  return freeTitle(wanted, new Set(workflows.map(({ name }) => name)));
}

/** Creates an empty workflow with this name and opens it. */
export function useCreateWorkflow() {
  const open = useOpenNew();
  return useMutation({
    mutationFn: (name: string) => call(createWorkflow, { body: { name } }),
    onSuccess: open,
    onError: (thrown) => showFailure('Couldn’t create workflow', thrown),
  });
}

/** Creates a workflow from a template and opens it. */
export function useUseTemplate() {
  const open = useOpenNew();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ slug, name }: Pick<Template, 'slug' | 'name'>) =>
      call(useTemplate, { params: { slug }, body: { name: await freeWorkflowName(client, name) } }),
    onSuccess: ({ notes, ...workflow }) => {
      showNotes(notes);
      return open(workflow);
    },
    onError: (thrown) => showFailure('Couldn’t use template', thrown),
  });
}

/** Creates a workflow with this graph and publishes it, without opening it. A name in use gets a number. */
export function useCreatePublished() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ name, graph }: { name: string; graph: Graph }) => {
      const workflow = await call(createWorkflow, { body: { name: await freeWorkflowName(client, name), graph } });
      await call(publishWorkflow, { params: { id: workflow.id }, body: {} });
      return workflow;
    },
    onSettled: () => refreshAfterCreation(client),
  });
}

/** The graph of a version of a workflow, by default the live one. Throws if it has none. */
export async function loadPublishedGraph(id: string, version: number | undefined): Promise<Graph> {
  const number = version ?? (await call(getWorkflow, { params: { id } })).liveVersion;
  const { graph } = number === null ? {} : await call(getVersion, { params: { id, number } });
  if (!graph) throw new Error('The workflow isn’t published. Publish it, or choose a version.');
  return graph;
}
