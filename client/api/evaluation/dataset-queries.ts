import type { BodyOf, QueryOf } from '@switchyard/shared/contracts/contract.ts';
import * as contracts from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../call.ts';
import { keys } from '../keys.ts';

const MOST = 500;

export const useDatasets = () =>
  useQuery({
    queryKey: keys.datasets,
    queryFn: async ({ signal }) =>
      (await call(contracts.listDatasets, { query: { limit: MOST } satisfies QueryOf<typeof contracts.listDatasets>, signal })).items,
  });

/** A change after which datasets and items are loaded again. */
function useDatasetChange<Given, Result>(change: (given: Given) => Promise<Result>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => client.invalidateQueries({ queryKey: keys.datasets }) });
}

export const useCreateDataset = () => useDatasetChange((body: BodyOf<typeof contracts.createDataset>) => call(contracts.createDataset, { body }));
