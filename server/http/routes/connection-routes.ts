import { listServices } from '@switchyard/shared/contracts/connections/services.ts';
import type { Contract } from '@switchyard/shared/contracts/contract.ts';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import * as contracts from '@switchyard/shared/contracts/models.ts';
import { actorOf } from '../../services/caller.ts';
import { services } from '../../services/connections/service-catalog.ts';
import { redirectUrlOf } from '../../services/connections/sign-in-flow.ts';
import { isAutomatic } from '../../services/connections/token-keeper.ts';
import { continueWaiting } from '../../services/connections/waiting-runs.ts';
import type { ServiceContext } from '../../services/context.ts';
import { allConnectionUsage } from '../../services/models/connection-usage.ts';
import type { Models } from '../../services/models/models.ts';
import { Answer, type Api, reasonIn, type SignedInCall } from '../register.ts';
import { signedInOf } from '../sign-in/gate.ts';

/** Connections, and the sign-ins of those that need one. */
export const connectionRoutes =
  ({ connections, discover }: Models) =>
  (api: Api): void => {
    api.register(contracts.listConnections, ({ context, query }) => connections.list(context.workspaceId, query));
    api.register(contracts.discoverConnections, async () => ({ items: await discover() }));
    api.register(contracts.createConnection, ({ context, body }) => connections.create(context.caller, body));
    api.register(contracts.updateConnection, async ({ context, params, body }) =>
      continued(context, await connections.update(context.caller, params.id, body)),
    );
    api.register(contracts.deleteConnection, ({ context, params, ...given }) => connections.delete(context.caller, params.id, reasonIn(given)));
    api.register(contracts.undeleteConnection, ({ context, params }) => connections.undelete(context.caller, params.id));
    api.register(contracts.listConnectionUsage, ({ context }) => allConnectionUsage(context.store));
    api.register(contracts.getConnectionUsage, ({ context, params }) => connections.usage(context.workspaceId, params.id));
    api.register(contracts.testConnection, ({ context, params }) => connections.test(context.workspaceId, params.id));
    api.register(contracts.rotateConnection, async ({ context, params, body }) =>
      continued(context, await connections.rotate(context.caller, params.id, body)),
    );
    api.register(listServices, async ({ context }) => ({ redirectUrl: redirectUrlOf(context), items: [...services] }));
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
