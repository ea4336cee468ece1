import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { type Budget, createBudget, deleteBudget, getBudgetUsage, listBudgets, undeleteBudget, updateBudget } from '@switchyard/shared/contracts/money.ts';
import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { showFailure, showUndo } from '../ui/toast.tsx';
import { call } from './call.ts';
import { keys } from './keys.ts';

/** Calls spend and reserve all the time. */
const REFETCH_MS = 5_000;

/** Budgets, oldest first. */
export const useBudgets = () =>
  useQuery({ queryKey: keys.budgets, queryFn: ({ signal }) => call(listBudgets, { query: { limit: 500 }, signal }).then((page) => page.items) });

/** What a budget has spent and reserved, latest period first. */
export const useBudgetUsage = (id: string) =>
  useQuery({
    queryKey: keys.budgetUsage(id),
    queryFn: ({ signal }) => call(getBudgetUsage, { params: { id }, signal }).then(({ items }) => items),
    refetchInterval: REFETCH_MS,
  });

const refresh = (client: QueryClient, id: string) =>
  Promise.all([client.invalidateQueries({ queryKey: keys.budgets }), client.invalidateQueries({ queryKey: keys.budgetUsage(id) })]);

export function useCreateBudget() {
  const client = useQueryClient();
  const undo = ({ id }: Budget) =>
    call(deleteBudget, { params: { id }, query: { reason: 'Undo' } })
      .catch((thrown: unknown) => showFailure('Couldn’t undo the new budget', thrown))
      .then(() => refresh(client, id));
  return useMutation({
    mutationFn: (body: BodyOf<typeof createBudget>) => call(createBudget, { body }),
    onSuccess: (budget) => {
      showUndo('Budget created', () => void undo(budget));
      return refresh(client, budget.id);
    },
  });
}

type Changes = BodyOf<typeof updateBudget>;

/** The changes that give a budget its limits back. */
const limitsOf = ({ name, softMicros, onSoft, route, hardMicros, onHard, assumedPrice }: Budget): Changes => ({
  name: name ?? null,
  softMicros: softMicros ?? null,
  ...(onSoft && { onSoft }),
  route: route ?? null,
  hardMicros: hardMicros ?? null,
  ...(onHard && { onHard }),
  assumedPrice: assumedPrice ?? null,
});

/** Changes a budget, with an undo to how it was. */
export function useUpdateBudget(before: Budget) {
  const client = useQueryClient();
  const { id } = before;
  const undo = () =>
    call(updateBudget, { params: { id }, body: { ...limitsOf(before), reason: 'Undo' } })
      .catch((thrown: unknown) => showFailure('Couldn’t undo the change of the budget', thrown))
      .then(() => refresh(client, id));
  return useMutation({
    mutationFn: (body: Changes) => call(updateBudget, { params: { id }, body }),
    onSuccess: () => {
      showUndo('Budget changed', () => void undo());
      return refresh(client, id);
    },
  });
}

/** Deletes a budget. It can be restored with what it has spent. */
export function useDeleteBudget() {
  const client = useQueryClient();
  const restore = (id: string) =>
    call(undeleteBudget, { params: { id } })
      .catch((thrown: unknown) => showFailure('Couldn’t restore the budget', thrown))
      .then(() => refresh(client, id));
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string | undefined }) => call(deleteBudget, { params: { id }, query: { reason } }),
    onSuccess: ({ id }) => {
      showUndo('Budget deleted', () => void restore(id));
      return client.invalidateQueries({ queryKey: keys.budgets });
    },
  });
}
