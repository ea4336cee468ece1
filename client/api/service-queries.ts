import { listServices } from '@switchyard/shared/contracts/connections/services.ts';
import { listConnectionUsage } from '@switchyard/shared/contracts/models.ts';
import { useQuery } from '@tanstack/react-query';
import { call } from './call.ts';
import { keys } from './keys.ts';

/** Services with ready-made connections and requests, which are fixed while the server runs. */
export const useServices = () =>
  useQuery({ queryKey: keys.services, queryFn: ({ signal }) => call(listServices, { signal }), staleTime: Number.POSITIVE_INFINITY });

/** The workflows that use each connection. */
export const useConnectionUsage = () =>
  useQuery({
    queryKey: keys.connectionUsage,
    queryFn: ({ signal }) => call(listConnectionUsage, { signal }).then(({ items }) => items),
    refetchInterval: 15_000,
  });
