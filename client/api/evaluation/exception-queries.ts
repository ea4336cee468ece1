import { changeExceptionPath, type ExceptionPath, listExceptionPaths, markDifferent } from '@switchyard/shared/contracts/evaluation/exception-paths.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../call.ts';

const EXCEPTIONS = ['exception-paths'] as const;
const MOST = 200;

/** The newest exception paths without automation, of one workflow or of all. */
export const useOpenExceptions = (workflowId: string | undefined, enabled = true) =>
  useQuery<ExceptionPath[]>({
    queryKey: [...EXCEPTIONS, workflowId ?? ''],
    queryFn: ({ signal }) =>
      call(listExceptionPaths, { query: { automated: 'false', limit: MOST, ...(workflowId !== undefined && { workflowId }) }, signal }).then(
        ({ items }) => items,
      ),
    enabled,
  });

/** Says that the case of a review is different. */
export function useMarkDifferent(reviewId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { reason: string; reviewer?: string }) => call(markDifferent, { params: { id: reviewId }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: EXCEPTIONS }),
  });
}

/** Says whether a workflow has a path for such cases. */
export function useChangeException() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, automated }: { id: string; automated: boolean }) => call(changeExceptionPath, { params: { id }, body: { automated } }),
    onSuccess: () => client.invalidateQueries({ queryKey: EXCEPTIONS }),
  });
}
