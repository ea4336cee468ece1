import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { type Feedback, listFeedback, sendFeedback } from '@switchyard/shared/contracts/evaluation/feedback.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../call.ts';

const feedbackKey = (runId: string) => ['feedback', runId] as const;
/** As many as one run can have. */
const MOST = 200;
/** Feedback comes from outside at any time. */
const REFETCH_MS = 30_000;

/** The feedback on a run, oldest first. */
export const useFeedback = (runId: string) =>
  useQuery<Feedback[]>({
    queryKey: feedbackKey(runId),
    queryFn: ({ signal }) => call(listFeedback, { params: { id: runId }, query: { limit: MOST }, signal }).then(({ items }) => items),
    refetchInterval: REFETCH_MS,
  });

/** Gives feedback on a run. */
export function useGiveFeedback(runId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<typeof sendFeedback>) => call(sendFeedback, { params: { id: runId }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: feedbackKey(runId) }),
  });
}
