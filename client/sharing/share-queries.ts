import { getShare, type Share, shareWorkflow, unshareWorkflow } from '@switchyard/shared/contracts/sharing.ts';
import { saveTemplate } from '@switchyard/shared/contracts/templates.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { keys } from '../api/keys.ts';
import { showFailure } from '../ui/toast.tsx';

const shareKey = (id: string) => [...keys.workflow(id), 'share'] as const;

/** The share link of a workflow and what it leaves out. Always refetched, as the draft changes. */
export const useShare = (id: string) => useQuery({ queryKey: shareKey(id), queryFn: ({ signal }) => call(getShare, { params: { id }, signal }), staleTime: 0 });

/** Creates the link, or changes what it shows. */
export function useMakeShare(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (shows?: Share['shows']) => call(shareWorkflow, { params: { id }, body: shows && { shows } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: shareKey(id) }),
    onError: (thrown) => showFailure('Couldn’t change link', thrown),
  });
}

/** Turns off the link. */
export function useTurnOffShare(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => call(unshareWorkflow, { params: { id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: shareKey(id) }),
    onError: (thrown) => showFailure('Couldn’t turn off link', thrown),
  });
}

/** Saves the draft as a template. */
export function useSaveTemplate() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { workflowId: string; name: string; description: string; samples: string[] }) => call(saveTemplate, { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.templates }),
  });
}
