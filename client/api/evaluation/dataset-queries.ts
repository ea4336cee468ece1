import type { BodyOf, QueryOf } from '@switchyard/shared/contracts/contract.ts';
import * as contracts from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { MOST_DATASETS } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call, urlOf } from '../call.ts';
import { keys } from '../keys.ts';

const PAGE = 100;

export const useDatasets = () =>
  useQuery({
    queryKey: keys.datasets,
    queryFn: async ({ signal }) => (await call(contracts.listDatasets, { query: { limit: MOST_DATASETS }, signal })).items,
  });

export const useDataset = (id: string) =>
  useQuery({ queryKey: keys.dataset(id), queryFn: ({ signal }) => call(contracts.getDataset, { params: { id }, signal }) });

export type ItemFilter = Pick<QueryOf<typeof contracts.listDatasetItems>, 'split' | 'tag' | 'source' | 'search'>;

/** The items of a dataset, page by page. */
export const useDatasetItems = (id: string, filter: ItemFilter) =>
  useInfiniteQuery({
    queryKey: [...keys.datasetItems(id), filter],
    queryFn: ({ signal, pageParam }) =>
      call(contracts.listDatasetItems, { params: { id }, query: { ...filter, limit: PAGE, ...(pageParam && { cursor: pageParam }) }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

export const useDatasetItem = (id: string, item: string) =>
  useQuery({ queryKey: keys.datasetItem(id, item), queryFn: ({ signal }) => call(contracts.getDatasetItem, { params: { id, item }, signal }) });

/** A change after which datasets and items are loaded again. */
function useDatasetChange<Given, Result>(change: (given: Given) => Promise<Result>) {
  const reload = useReloadDatasets();
  return useMutation({ mutationFn: change, onSettled: reload });
}

export function useReloadDatasets(): () => Promise<unknown> {
  const client = useQueryClient();
  return () => Promise.all([client.invalidateQueries({ queryKey: keys.datasets }), client.invalidateQueries({ queryKey: keys.anyDataset })]);
}

export const useCreateDataset = () => useDatasetChange((body: BodyOf<typeof contracts.createDataset>) => call(contracts.createDataset, { body }));
export const useUpdateDataset = (id: string) =>
  useDatasetChange((body: BodyOf<typeof contracts.updateDataset>) => call(contracts.updateDataset, { params: { id }, body }));

/** Deletes a dataset, which is not loaded again. */
export function useDeleteDataset(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(contracts.deleteDataset, { params: { id } }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.datasets }),
  });
}

export const useAddItem = (id: string) =>
  useDatasetChange((body: BodyOf<typeof contracts.addDatasetItem>) => call(contracts.addDatasetItem, { params: { id }, body }));

/** Makes the next version of an item, which is shown at once. */
export function useUpdateItem(id: string, item: string) {
  const client = useQueryClient();
  return useDatasetChange(async (body: BodyOf<typeof contracts.updateDatasetItem>) => {
    const next = await call(contracts.updateDatasetItem, { params: { id, item }, body });
    client.setQueryData(keys.datasetItem(id, item), next);
    return next;
  });
}
export const useDeleteItem = (id: string, item: string) => useDatasetChange(() => call(contracts.deleteDatasetItem, { params: { id, item } }));
export const useAddFromRuns = (id: string) =>
  useDatasetChange((body: BodyOf<typeof contracts.addItemsFromRun>) => call(contracts.addItemsFromRun, { params: { id }, body }));
export const useAddFromSamples = (id: string) =>
  useDatasetChange((body: BodyOf<typeof contracts.addItemsFromSamples>) => call(contracts.addItemsFromSamples, { params: { id }, body }));

/** Imports some items. The caller reloads the dataset at the end. */
export const importItems = (id: string, body: BodyOf<typeof contracts.importDatasetItems>, signal: AbortSignal) =>
  call(contracts.importDatasetItems, { params: { id }, body, signal });

export const datasetExportUrl = (id: string, query: QueryOf<typeof contracts.exportDataset>): string => urlOf(contracts.exportDataset, { id }, query);
