import type { BodyOf, Contract, ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import * as contracts from '@switchyard/shared/contracts/state/tables.ts';
import type { StateSpace } from '@switchyard/shared/run/state-change.ts';
import { type InfiniteData, keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call, urlOf } from '../call.ts';
import { keys } from '../keys.ts';

const PAGE = 100;
const REFETCH_MS = 5_000;

export const useTables = () =>
  useQuery({ queryKey: keys.tables, queryFn: async ({ signal }) => (await call(contracts.listTables, { signal })).items, staleTime: REFETCH_MS });

/** A table with how many rows it has, and what uses it. Refetched while it is shown: runs change rows. */
export const useTable = (id: string) =>
  useQuery({ queryKey: keys.table(id), queryFn: ({ signal }) => call(contracts.getTable, { params: { id }, signal }), refetchInterval: REFETCH_MS });

type Find = BodyOf<typeof contracts.findTableRows>;
export type RowsView = Required<Pick<Find, 'space' | 'filter' | 'sort'>>;

/** The rows of a table, page by page. Refetched while they are shown. */
export const useTableRows = (id: string, view: RowsView) =>
  useInfiniteQuery({
    queryKey: [...keys.tableRows(id), view],
    queryFn: ({ signal, pageParam }) =>
      call(contracts.findTableRows, { params: { id }, body: { ...view, limit: PAGE, ...(pageParam && { cursor: pageParam }) }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: REFETCH_MS,
  });

/** A change after which tables and rows are loaded again. */
function useTableChange<Given, Result>(change: (given: Given) => Promise<Result>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: keys.tables }), client.invalidateQueries({ queryKey: keys.anyTable })]),
  });
}

export const useCreateTable = () => useTableChange((body: BodyOf<typeof contracts.createTable>) => call(contracts.createTable, { body }));
export const useUpdateTable = (id: string) =>
  useTableChange((body: BodyOf<typeof contracts.updateTable>) => call(contracts.updateTable, { params: { id }, body }));
export const useDeleteTable = (id: string) => useTableChange(() => call(contracts.deleteTable, { params: { id } }));
export const useAddColumn = (id: string) => useTableChange((body: BodyOf<typeof contracts.addColumn>) => call(contracts.addColumn, { params: { id }, body }));
export const useRenameColumn = (id: string, column: string) =>
  useTableChange((name: string) => call(contracts.renameColumn, { params: { id, column }, body: { name } }));
export const useRemoveColumn = (id: string, column: string) => useTableChange(() => call(contracts.removeColumn, { params: { id, column } }));
export const useAddRow = (id: string) => useTableChange((body: BodyOf<typeof contracts.addTableRow>) => call(contracts.addTableRow, { params: { id }, body }));

/** Changes cells of a row, which show the new values at once. */
export function useUpdateRow(id: string) {
  const client = useQueryClient();
  return useTableChange(async ({ row, cells }: { row: string } & BodyOf<typeof contracts.updateTableRow>) => {
    await client.cancelQueries({ queryKey: keys.tableRows(id) });
    client.setQueriesData<InfiniteData<Rows>>(
      { queryKey: keys.tableRows(id) },
      (shown) => shown && { ...shown, pages: shown.pages.map(withCells(row, cells)) },
    );
    return call(contracts.updateTableRow, { params: { id, row }, body: { cells } });
  });
}

type Rows = ReplyOf<typeof contracts.findTableRows>;

const withCells =
  (row: string, cells: Readonly<Record<string, unknown>>) =>
  (page: Rows): Rows => ({ ...page, items: page.items.map((item) => (item.id === row ? { ...item, cells: { ...item.cells, ...cells } } : item)) });

export const useDeleteRows = (id: string) => useTableChange((ids: string[]) => call(contracts.deleteTableRows, { params: { id }, body: { ids } }));
export const useClearTable = (id: string) => useTableChange((space: StateSpace) => call(contracts.clearTable, { params: { id }, body: { space } }));

/** Imports some rows. The caller reloads the table at the end. */
export const importRows = (id: string, body: BodyOf<typeof contracts.importTableRows>, signal: AbortSignal) =>
  call(contracts.importTableRows, { params: { id }, body, signal });

export function useReloadTables(): () => Promise<unknown> {
  const client = useQueryClient();
  return () => Promise.all([client.invalidateQueries({ queryKey: keys.tables }), client.invalidateQueries({ queryKey: keys.anyTable })]);
}

export const tableCsvUrl = (id: string, space: StateSpace): string => urlOf(contracts.exportTable as Contract, { id }, { space });
