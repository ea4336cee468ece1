import * as contracts from '@switchyard/shared/contracts/models.ts';
import type { Express } from 'express';
import type { Models } from '../../models/models.ts';
import { register } from '../register.ts';

/** Connections and model routes. */
export function modelRoutes({ connections, routes, discover }: Models, workspaceId: string): (app: Express) => void {
  return (app) => {
    register(app, contracts.listConnections, ({ query }) => connections.list(workspaceId, query));
    register(app, contracts.discoverConnections, async () => ({ items: await discover() }));
    register(app, contracts.createConnection, ({ body }) => connections.create(workspaceId, body));
    register(app, contracts.updateConnection, ({ params, body }) => connections.update(workspaceId, params.id, body));
    register(app, contracts.deleteConnection, ({ params }) => connections.delete(workspaceId, params.id));
    register(app, contracts.testConnection, ({ params }) => connections.test(workspaceId, params.id));
    register(app, contracts.rotateConnection, ({ params, body }) => connections.rotate(workspaceId, params.id, body));
    register(app, contracts.listRoutes, ({ query }) => routes.list(workspaceId, query));
    register(app, contracts.createRoute, ({ body }) => routes.create(workspaceId, body));
    register(app, contracts.getRoute, ({ params }) => routes.get(workspaceId, params.name));
    register(app, contracts.updateRoute, ({ params, body }) => routes.update(workspaceId, params.name, body));
    register(app, contracts.deleteRoute, ({ params }) => routes.delete(workspaceId, params.name));
  };
}
