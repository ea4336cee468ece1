import * as calls from '@switchyard/shared/contracts/calls/route-calls.ts';
import type { Contract } from '@switchyard/shared/contracts/contract.ts';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import * as contracts from '@switchyard/shared/contracts/models.ts';
import * as routeContracts from '@switchyard/shared/contracts/routes.ts';
import type { Log } from '../../log.ts';
import { actorOf } from '../../services/caller.ts';
import { redirectUrlOf } from '../../services/connections/sign-in-flow.ts';
import { isAutomatic } from '../../services/connections/token-keeper.ts';
import { continueWaiting } from '../../services/connections/waiting-runs.ts';
import type { ServiceContext } from '../../services/context.ts';
import type { Models } from '../../services/models/models.ts';
import { listRouteCalls, type TryRoute } from '../../services/routes/route-calls.ts';
import { Answer, type Api, EventStream, type SignedInCall } from '../register.ts';
import { signedInOf } from '../sign-in/gate.ts';
import { streamTry } from '../stream-try.ts';

/** Connections and model routes. */
export const modelRoutes =
  ({ connections, routes, discover }: Models, tryRoute: TryRoute, log: Log) =>
  (api: Api): void => {
    api.register(contracts.listConnections, ({ context, query }) => connections.list(context.workspaceId, query));
    api.register(contracts.discoverConnections, async () => ({ items: await discover() }));
    api.register(contracts.createConnection, ({ context, body }) => connections.create(context.caller, body));
    api.register(contracts.updateConnection, async ({ context, params, body }) =>
      continued(context, await connections.update(context.caller, params.id, body)),
    );
    api.register(contracts.deleteConnection, ({ context, params, query }) => connections.delete(context.caller, params.id, query.reason));
    api.register(contracts.undeleteConnection, ({ context, params }) => connections.undelete(context.caller, params.id));
    api.register(contracts.getConnectionUsage, ({ context, params }) => connections.usage(context.workspaceId, params.id));
    api.register(contracts.testConnection, ({ context, params }) => connections.test(context.workspaceId, params.id));
    api.register(contracts.rotateConnection, async ({ context, params, body }) =>
      continued(context, await connections.rotate(context.caller, params.id, body)),
    );
    api.register(contracts.authorizeConnection, async (call) => {
      const { context, params } = call;
      const url = await connections.authorize({ ...signInBy(call), redirectUrl: redirectUrlOf(context) }, params.id);
      if (url === null) await continueWaiting(context, params.id);
      return { url };
    });
    api.register(contracts.finishAuthorization, async (call) => {
      const { connectionId, ok } = await connections.finishAuthorization(signInBy(call), new URL(call.request.url, 'http://localhost').searchParams);
      if (connectionId !== null && ok) await continueWaiting(call.context, connectionId);
      const outcome = connectionId === null ? 'expired' : ok ? 'done' : 'failed';
      return new Answer(
        302,
        { connectionId },
        { location: `/settings/connections?signIn=${outcome}${connectionId === null ? '' : `&id=${encodeURIComponent(connectionId)}`}` },
      );
    });
    api.register(routeContracts.listRoutes, ({ context, query }) => routes.list(context.workspaceId, query));
    api.register(routeContracts.createRoute, ({ context, body }) => routes.create(context.caller, body));
    api.register(routeContracts.getRoute, ({ context, params }) => routes.get(context.workspaceId, params.name));
    api.register(routeContracts.updateRoute, ({ context, params, body }) => routes.update(context.caller, params.name, body));
    api.register(routeContracts.deleteRoute, ({ context, params, query }) => routes.delete(context.caller, params.name, query.reason));
    api.register(routeContracts.getRouteUsage, ({ context, params }) => routes.usage(context.workspaceId, params.name));
    api.register(routeContracts.getRouteFigures, ({ context, params }) => routes.figures(context.workspaceId, params.name));
    api.register(calls.listRouteCalls, ({ context, params, query }) => listRouteCalls(context, params.name, query));
    api.register(
      calls.tryRoute,
      async ({ context, params, body, signal }) =>
        new EventStream((response) => streamTry(response, (listener) => tryRoute(context, params.name, body, { signal, ...listener }), log)),
    );
    api.register(routeContracts.listRouteVersions, ({ context, params, query }) => routes.listVersions(context.workspaceId, params.name, query));
    api.register(routeContracts.getRouteVersion, ({ context, params }) => routes.getVersion(context.workspaceId, params.name, params.number));
    api.register(routeContracts.restoreRouteVersion, ({ context, params, body }) => routes.restore(context.caller, params.name, params.number, body.reason));
  };

/** Who signs in: a sign-in can only be completed with the session or token that began it. */
const signInBy = ({ context, request }: Pick<SignedInCall<Contract>, 'context' | 'request'>) => ({
  workspaceId: context.workspaceId,
  actor: actorOf(context.caller),
  credentialId: signedInOf(request)?.id ?? '',
});

/** A change may let a connection sign in again without a person. */
async function continued(context: ServiceContext, connection: Connection): Promise<Connection> {
  if (isAutomatic(connection.auth) && connection.signIn?.status === 'signed-out') await continueWaiting(context, connection.id);
  return connection;
}
