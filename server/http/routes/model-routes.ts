import * as contracts from '@switchyard/shared/contracts/models.ts';
import * as routeContracts from '@switchyard/shared/contracts/routes.ts';
import type { Models } from '../../services/models/models.ts';
import type { Api } from '../register.ts';

/** Connections and model routes. */
export const modelRoutes =
  ({ connections, routes, discover }: Models) =>
  (api: Api): void => {
    api.register(contracts.listConnections, ({ context, query }) => connections.list(context.workspaceId, query));
    api.register(contracts.discoverConnections, async () => ({ items: await discover() }));
    api.register(contracts.createConnection, ({ context, body }) => connections.create(context.caller, body));
    api.register(contracts.updateConnection, ({ context, params, body }) => connections.update(context.caller, params.id, body));
    api.register(contracts.deleteConnection, ({ context, params, query }) => connections.delete(context.caller, params.id, query.reason));
    api.register(contracts.undeleteConnection, ({ context, params }) => connections.undelete(context.caller, params.id));
    api.register(contracts.getConnectionUsage, ({ context, params }) => connections.usage(context.workspaceId, params.id));
    api.register(contracts.testConnection, ({ context, params }) => connections.test(context.workspaceId, params.id));
    api.register(contracts.rotateConnection, ({ context, params, body }) => connections.rotate(context.caller, params.id, body));
    api.register(routeContracts.listRoutes, ({ context, query }) => routes.list(context.workspaceId, query));
    api.register(routeContracts.createRoute, ({ context, body }) => routes.create(context.caller, body));
    api.register(routeContracts.getRoute, ({ context, params }) => routes.get(context.workspaceId, params.name));
    api.register(routeContracts.updateRoute, ({ context, params, body }) => routes.update(context.caller, params.name, body));
    api.register(routeContracts.deleteRoute, ({ context, params, query }) => routes.delete(context.caller, params.name, query.reason));
    api.register(routeContracts.getRouteUsage, ({ context, params }) => routes.usage(context.workspaceId, params.name));
    api.register(routeContracts.getRouteFigures, ({ context, params }) => routes.figures(context.workspaceId, params.name));
    api.register(routeContracts.listRouteVersions, ({ context, params, query }) => routes.listVersions(context.workspaceId, params.name, query));
    api.register(routeContracts.getRouteVersion, ({ context, params }) => routes.getVersion(context.workspaceId, params.name, params.number));
    api.register(routeContracts.restoreRouteVersion, ({ context, params, body }) => routes.restore(context.caller, params.name, params.number, body.reason));
  };
