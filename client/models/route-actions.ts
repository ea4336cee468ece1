import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { createRoute, deleteRoute, type Route, updateRoute } from '@switchyard/shared/contracts/routes.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { keys } from '../api/keys.ts';
import { showDone, showFailure } from '../ui/toast.tsx';

type NewRoute = BodyOf<typeof createRoute>;

/** Creates a route, or replaces its targets. */
export function useSaveRoute(isNew: boolean) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, ...rest }: NewRoute) => (isNew ? call(createRoute, { body: { name, ...rest } }) : call(updateRoute, { params: { name }, body: rest })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.routes }),
  });
}

/** Replaces the targets of several routes. */
export function useSaveRoutes() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (changed: readonly Pick<Route, 'name' | 'targets'>[]) =>
      Promise.all(changed.map(({ name, targets }) => call(updateRoute, { params: { name }, body: { targets } }))),
    onSettled: () => client.invalidateQueries({ queryKey: keys.routes }),
  });
}

/** Deletes a route that no node uses. */
export function useDeleteRoute() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => call(deleteRoute, { params: { name } }),
    onSuccess: ({ name }) => {
      showDone(`Route “${name}” deleted`);
      return client.invalidateQueries({ queryKey: keys.routes });
    },
    onError: (thrown, name) => showFailure(`Couldn’t delete route “${name}”`, thrown),
  });
}
