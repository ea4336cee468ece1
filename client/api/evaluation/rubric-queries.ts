import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { type Grader, tryGrader } from '@switchyard/shared/contracts/evaluation/graders.ts';
import * as contracts from '@switchyard/shared/contracts/evaluation/rubrics.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../call.ts';
import { keys } from '../keys.ts';

export const useRubrics = () =>
  useQuery({
    queryKey: keys.rubrics,
    queryFn: async ({ signal }) => (await call(contracts.listRubrics, { query: { limit: contracts.MOST_RUBRICS }, signal })).items,
  });

function useChange<Given, Result>(key: readonly unknown[], change: (given: Given) => Promise<Result>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => client.invalidateQueries({ queryKey: key }) });
}

export const useCreateRubric = () => useChange(keys.rubrics, (body: BodyOf<typeof contracts.createRubric>) => call(contracts.createRubric, { body }));
export const useUpdateRubric = (id: string) =>
  useChange(keys.rubrics, (body: BodyOf<typeof contracts.updateRubric>) => call(contracts.updateRubric, { params: { id }, body }));
export const useDeleteRubric = (id: string) => useChange(keys.rubrics, () => call(contracts.deleteRubric, { params: { id } }));

/** What people said about outputs, newest first: of all items of a dataset, at most 100, or of one. */
export const useJudgments = (id: string, itemId?: string) =>
  useQuery({
    queryKey: [...keys.judgments(id), itemId ?? ''],
    queryFn: async ({ signal }) =>
      (await call(contracts.listJudgments, { params: { id }, query: { limit: 100, ...(itemId !== undefined && { itemId }) }, signal })).items,
    enabled: id !== '',
  });
export const useJudgeOutput = (id: string, item: string) =>
  useChange(keys.judgments(id), (body: BodyOf<typeof contracts.judgeOutput>) => call(contracts.judgeOutput, { params: { id, item }, body }));
export const useDeleteJudgment = (id: string) =>
  useChange(keys.judgments(id), (judgment: string) => call(contracts.deleteJudgment, { params: { id, judgment } }));

/** Grades one output. */
export const gradeOutput = (body: Omit<BodyOf<typeof tryGrader>, 'grader'> & { readonly grader: Grader }, signal: AbortSignal) =>
  call(tryGrader, { body, signal });
