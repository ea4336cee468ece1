import {
  deleteWorkflow,
  duplicateWorkflow,
  pauseWorkflow,
  resumeWorkflow,
  undeleteWorkflow,
  updateWorkflow,
  type WorkflowSummary,
} from '@switchyard/shared/contracts/workflows.ts';
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { keys } from '../api/keys.ts';
import { freeWorkflowName } from '../api/make-workflow.ts';
import { showDone, showFailure, showUndo } from '../ui/toast.tsx';

type Named = Pick<WorkflowSummary, 'id' | 'name'>;

const refresh = (client: QueryClient) => Promise.all([keys.workflows, keys.workflowTags].map((queryKey) => client.invalidateQueries({ queryKey })));

/** Changes the list at once and returns the previous one. */
function editList(client: QueryClient, edit: (workflows: readonly WorkflowSummary[]) => readonly WorkflowSummary[]): () => void {
  const before = client.getQueriesData<readonly WorkflowSummary[]>({ queryKey: keys.workflows });
  client.setQueriesData<readonly WorkflowSummary[]>({ queryKey: keys.workflows }, (workflows) => workflows && edit(workflows));
  return () => {
    for (const [key, workflows] of before) client.setQueryData(key, workflows);
  };
}

/** A change of one workflow that shows at once and is reverted if the server rejects it. */
function useOptimistic<T extends Named>(title: string, send: (input: T) => Promise<unknown>, edit: (workflow: WorkflowSummary, input: T) => WorkflowSummary[]) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onMutate: async (input: T) => {
      await client.cancelQueries({ queryKey: keys.workflows });
      return editList(client, (workflows) => workflows.flatMap((workflow) => (workflow.id === input.id ? edit(workflow, input) : [workflow])));
    },
    onError: (thrown, _input, restore) => {
      restore?.();
      showFailure(title, thrown);
    },
    onSettled: (_reply, _error, { id }) => {
      void client.invalidateQueries({ queryKey: keys.workflow(id) });
      return refresh(client);
    },
  });
}

/** Renames a workflow. */
export const useRename = () =>
  useOptimistic(
    'Couldn’t rename workflow',
    ({ id, name }: Named) => call(updateWorkflow, { params: { id }, body: { name } }),
    (workflow, { name }) => [{ ...workflow, name }],
  );

/** Replaces the tags of a workflow. */
export const useSetTags = () =>
  useOptimistic(
    'Couldn’t change tags',
    ({ id, tags }: Named & { tags: string[] }) => call(updateWorkflow, { params: { id }, body: { tags } }),
    (workflow, { tags }) => [{ ...workflow, tags }],
  );

/** Pauses a running workflow, or resumes a paused one. */
export const useSetPaused = () =>
  useOptimistic(
    'Couldn’t change workflow',
    ({ id, paused }: Named & { paused: boolean }) => call(paused ? pauseWorkflow : resumeWorkflow, { params: { id } }),
    (workflow, { paused }) => [{ ...workflow, paused, pauseReason: null }],
  );

/** Deletes a workflow at once. The deletion can be undone. */
export function useDelete() {
  const client = useQueryClient();
  const remove = useOptimistic(
    'Couldn’t delete workflow',
    ({ id }: Named) => call(deleteWorkflow, { params: { id } }),
    () => [],
  );
  const undo = (workflow: Named) =>
    call(undeleteWorkflow, { params: { id: workflow.id } })
      .catch((thrown: unknown) => showFailure('Couldn’t restore workflow', thrown))
      .then(() => refresh(client));
  // Not as a callback of `mutate`, which is dropped when the row unmounts.
  return (workflow: Named) =>
    void remove.mutateAsync(workflow).then(
      () => showUndo(`“${workflow.name}” deleted`, () => void undo(workflow)),
      () => undefined,
    );
}

/** Leaves room for a suffix within 200 characters. */
const COPIED_LENGTH = 180;

/** Creates a copy of a workflow, with its policy and budgets, and its triggers turned off. */
export function useDuplicate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, name }: Named) =>
      call(duplicateWorkflow, { params: { id }, body: { name: await freeWorkflowName(client, `${name.slice(0, COPIED_LENGTH)} (copy)`) } }),
    onSuccess: (copy) => {
      showDone(`“${copy.name}” created`);
      return refresh(client);
    },
    onError: (thrown) => showFailure('Couldn’t duplicate workflow', thrown),
  });
}
