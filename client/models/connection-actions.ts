import type { BodyOf, QueryOf } from '@switchyard/shared/contracts/contract.ts';
import {
  authorizeConnection,
  type Connection,
  type ConnectionUsage,
  createConnection,
  type DiscoveredServer,
  deleteConnection,
  getConnectionUsage,
  rotateConnection,
  testConnection,
  undeleteConnection,
  updateConnection,
} from '@switchyard/shared/contracts/models.ts';
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { keys } from '../api/keys.ts';
import { showDone, showFailure, showUndo } from '../ui/toast.tsx';

/** Automatic routes follow the connections, so both are refetched. */
const refresh = (client: QueryClient) =>
  Promise.all([client.invalidateQueries({ queryKey: keys.connections }), client.invalidateQueries({ queryKey: keys.routes })]);

/** Tests a connection, which updates its displayed health. */
export function useTestConnection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(testConnection, { params: { id } }),
    onSuccess: () => refresh(client),
    onError: (thrown) => showFailure('Couldn’t test connection', thrown),
  });
}

/** Adds a connection. The server tests it before any route uses it. */
export function useAddConnection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<typeof createConnection>) => call(createConnection, { body }),
    onSuccess: () => refresh(client),
  });
}

/** Signs in to the service of a connection: leads to the service, or signs in at once if no person is needed. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(authorizeConnection, { params: { id } }),
    onSuccess: ({ url }) => {
      if (url !== null) location.assign(url);
      else showDone('Signed in');
    },
    onError: (thrown) => showFailure('Couldn’t sign in', thrown),
    onSettled: () => refresh(client),
  });
}

/** Connects a server detected on this machine. */
export function useConnectServer() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, kind, baseUrl }: DiscoveredServer) => call(createConnection, { body: { name, kind, baseUrl } }),
    onSettled: () => refresh(client),
    onError: (thrown, { name }) => showFailure(`Couldn’t connect ${name}`, thrown),
  });
}

/** Replaces the API key after the server has tested the new one. */
export function useRotateSecret(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<typeof rotateConnection>) => call(rotateConnection, { params: { id }, body }),
    onSuccess: ({ name, health }) => {
      showDone(health ? `API key of “${name}” replaced` : `Secret of “${name}” replaced`);
      return refresh(client);
    },
  });
}

/** Changes a connection. A secret replaces the current one. The server tests a changed URL or secret. */
export function useChangeConnection(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<typeof updateConnection>) => call(updateConnection, { params: { id }, body }),
    onSuccess: (connection) => {
      showDone(`“${connection.name}” changed`);
      return refresh(client);
    },
  });
}

/** Deletes a connection. The deletion can be undone for 10 s. */
export function useDeleteConnection(): (connection: Connection, query: QueryOf<typeof deleteConnection>) => void {
  const client = useQueryClient();
  const undo = ({ id, name }: Connection) =>
    call(undeleteConnection, { params: { id } })
      .catch((thrown: unknown) => showFailure(`Couldn’t restore “${name}”`, thrown))
      .then(() => refresh(client));
  const remove = async (connection: Connection, query: QueryOf<typeof deleteConnection>) => {
    try {
      await call(deleteConnection, { params: { id: connection.id }, query });
      showUndo(`“${connection.name}” deleted`, () => void undo(connection));
    } catch (thrown) {
      showFailure(`Couldn’t delete “${connection.name}”`, thrown);
    }
    await refresh(client);
  };
  return (connection, query) => void remove(connection, query);
}

/** What uses a connection. Empty if that can’t be loaded, since the server checks again. */
export const usageOf = ({ id }: Connection): Promise<ConnectionUsage> =>
  call(getConnectionUsage, { params: { id } }).catch(() => ({ routes: [], workflows: [] }));
