import type { BodyOf, QueryOf } from '@switchyard/shared/contracts/contract.ts';
import { deletePrice, getUsage, listPrices, type Price, setPrice } from '@switchyard/shared/contracts/money.ts';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { showDone, showFailure, showUndo } from '../ui/toast.tsx';
import { call, urlOf } from './call.ts';
import { keys } from './keys.ts';

export type UsageQuery = QueryOf<typeof getUsage>;

/** Summing many calls takes the server a while, so it is rarely repeated. */
const REFETCH_MS = 60_000;

/** Calls, tokens, and cost by one dimension. */
export const useUsage = (query: UsageQuery, enabled = true) =>
  useQuery({
    queryKey: [...keys.usage, query],
    queryFn: ({ signal }) => call(getUsage, { query, signal }),
    enabled,
    refetchInterval: REFETCH_MS,
    placeholderData: keepPreviousData,
  });

/** The same as a CSV file. */
export const usageCsvUrl = (query: UsageQuery): string => urlOf(getUsage, {}, { ...query, format: 'csv' });

/** Your own prices, then the built-in ones. */
export const usePrices = () => useQuery({ queryKey: keys.prices, queryFn: ({ signal }) => call(listPrices, { signal }).then(({ items }) => items) });

type PriceBody = BodyOf<typeof setPrice>;

const bodyOf = ({ input, cachedInput, cacheWrite, output, from, connectionId }: Price): PriceBody => ({
  input,
  output,
  ...(cachedInput !== null && { cachedInput }),
  ...(cacheWrite !== null && { cacheWrite }),
  ...(from !== null && { from }),
  ...(connectionId !== null && { connectionId }),
});

/** The query parameters that identify a price. */
const whichOf = ({ from, connectionId }: Price) => ({ ...(from !== null && { from }), ...(connectionId !== null && { connectionId }) });

/** Sets a price, with an undo to `before`. */
export function useSetPrice() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: keys.prices });
  const undo = (price: Price, before: Price | undefined) =>
    (before
      ? call(setPrice, { params: { model: before.model }, body: { ...bodyOf(before), reason: 'Undo' } })
      : call(deletePrice, { params: { model: price.model }, query: { ...whichOf(price), reason: 'Undo' } })
    )
      .catch((thrown: unknown) => showFailure(`Couldn’t undo the price of “${price.model}”`, thrown))
      .then(refresh);
  return useMutation({
    mutationFn: ({ model, body }: { model: string; body: PriceBody; before?: Price | undefined }) => call(setPrice, { params: { model }, body }),
    onSuccess: (price, { before }) => {
      showUndo(`Price of “${price.model}” set`, () => void undo(price, before));
      return refresh();
    },
  });
}

/** Deletes a price of your own, with an undo. */
export function useDeletePrice() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: keys.prices });
  const restore = (price: Price) =>
    call(setPrice, { params: { model: price.model }, body: { ...bodyOf(price), reason: 'Undo' } })
      .then(() => void showDone(`Price of “${price.model}” restored`))
      .catch((thrown: unknown) => showFailure(`Couldn’t restore the price of “${price.model}”`, thrown))
      .then(refresh);
  return useMutation({
    mutationFn: ({ price, reason }: { price: Price; reason?: string | undefined }) =>
      call(deletePrice, { params: { model: price.model }, query: { ...whichOf(price), reason } }),
    onSuccess: (price) => {
      showUndo(`Price of “${price.model}” deleted`, () => void restore(price));
      return refresh();
    },
  });
}
