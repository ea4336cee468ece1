import * as contracts from '@switchyard/shared/contracts/models.ts';
import type { Models } from '../../services/models/models.ts';
import type { Api } from '../register.ts';

/** Connections and model routes. */
export const modelRoutes =
  ({ connections, routes, discover }: Models) =>
  (api: Api): void => {
    api.register(contracts.listConnections, ({ context, query }) => connections.list(context.workspaceId, query));
    api.register(contracts.discoverConnections, async () => ({ items: await discover() }));
    api.register(contracts.createConnection, ({ context, body }) => connections.create(context.workspaceId, body));
    api.register(contracts.updateConnection, ({ context, params, body }) => connections.update(context.workspaceId, params.id, body));
    api.register(contracts.deleteConnection, ({ context, params }) => connections.delete(context.workspaceId, params.id));
    api.register(contracts.undeleteConnection, ({ context, params }) => connections.undelete(context.workspaceId, params.id));
    api.register(contracts.getConnectionUsage, ({ context, params }) => connections.usage(context.workspaceId, params.id));
    api.register(contracts.testConnection, ({ context, params }) => connections.test(context.workspaceId, params.id));
    api.register(contracts.rotateConnection, ({ context, params, body }) => connections.rotate(context.workspaceId, params.id, body));
    api.register(contracts.listRoutes, ({ context, query }) => routes.list(context.workspaceId, query));
    api.register(contracts.createRoute, ({ context, body }) => routes.create(context.workspaceId, body));
    api.register(contracts.getRoute, ({ context, params }) => routes.get(context.workspaceId, params.name));
    api.register(contracts.updateRoute, ({ context, params, body }) => routes.update(context.workspaceId, params.name, body));
    api.register(contracts.deleteRoute, ({ context, params }) => routes.delete(context.workspaceId, params.name));
  };
