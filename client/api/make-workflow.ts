import { useTemplate } from '@switchyard/shared/contracts/templates.ts';
import { createWorkflow, type Workflow } from '@switchyard/shared/contracts/workflows.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { showFailure } from '../ui/toast.tsx';
import { call } from './call.ts';
import { keys } from './keys.ts';

/** What is done with a workflow that was just made: it is opened, without being fetched again. */
function useOpenNew() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return (workflow: Workflow) => {
    client.setQueryData(keys.workflow(workflow.id), workflow);
    void client.invalidateQueries({ queryKey: keys.workflows });
    return navigate({ to: '/workflows/$id', params: { id: workflow.id } });
  };
}

/** Starts an empty workflow and opens it. */
export function useCreateWorkflow() {
  const open = useOpenNew();
  return useMutation({
    mutationFn: () => call(createWorkflow, { body: { name: 'Untitled workflow' } }),
    onSuccess: open,
    onError: (thrown) => showFailure('Couldn’t create workflow', thrown),
  });
}

/** Makes a workflow of a template (by its slug) and opens it. */
export function useUseTemplate() {
  const open = useOpenNew();
  return useMutation({
    mutationFn: (slug: string) => call(useTemplate, { params: { slug } }),
    onSuccess: open,
    onError: (thrown) => showFailure('Couldn’t use template', thrown),
  });
}
