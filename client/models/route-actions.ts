import type { BodyOf, QueryOf } from '@switchyard/shared/contracts/contract.ts';
import { createRoute, deleteRoute, type Route, restoreRouteVersion, updateRoute } from '@switchyard/shared/contracts/routes.ts';
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { keys } from '../api/keys.ts';
import { showDone, showFailure } from '../ui/toast.tsx';

/** Creates a route. */
export function useCreateRoute() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<typeof createRoute>) => call(createRoute, { body }),
    onSuccess: (route) => showRoute(client, route),
  });
}

/** Saves the next version of a route. `version` is the one that was edited: if another is in use by now, nothing changes. */
export function useSaveRoute(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<typeof updateRoute>) => call(updateRoute, { params: { name }, body }),
    onSuccess: (route) => showRoute(client, route),
    // The version that is in use by now may be another one.
    onError: () => client.invalidateQueries({ queryKey: keys.route(name) }),
  });
}

/** Makes a new version that is like an earlier one. */
export function useRestoreRouteVersion(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (number: number) => call(restoreRouteVersion, { params: { name, number }, body: {} }),
    onSuccess: (route, number) => {
      showDone(`v${number} restored as v${route.version}`);
      return showRoute(client, route);
    },
    onError: (thrown, number) => showFailure(`Couldn’t restore v${number}`, thrown),
  });
}

/** Caches a changed route before it is refetched, so the page never shows the previous version. */
function showRoute(client: QueryClient, route: Route) {
  client.setQueryData(keys.route(route.name), route);
  return client.invalidateQueries({ queryKey: keys.routes });
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

/** Deletes a route that nothing uses. */
export function useDeleteRoute(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (query: QueryOf<typeof deleteRoute>) => call(deleteRoute, { params: { name }, query }),
    onSuccess: () => {
      showDone(`Route “${name}” deleted`);
      // Only the list: the page of the route is still open.
      void client.invalidateQueries({ queryKey: keys.routes, exact: true });
    },
    // Something may use it by now.
    onError: () => client.invalidateQueries({ queryKey: keys.routeUsage(name) }),
  });
}
