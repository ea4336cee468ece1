import * as calls from '@switchyard/shared/contracts/calls/route-calls.ts';
import * as routeContracts from '@switchyard/shared/contracts/routes.ts';
import type { Log } from '../../log.ts';
import type { Models } from '../../services/models/models.ts';
import { listRouteCalls, type TryRoute } from '../../services/routes/route-calls.ts';
import { type Api, EventStream, reasonIn } from '../register.ts';
import { streamTry } from '../stream-try.ts';

/** Model routes. */
export const modelRoutes =
  ({ routes }: Models, tryRoute: TryRoute, log: Log) =>
  (api: Api): void => {
    api.register(routeContracts.listRoutes, ({ context, query }) => routes.list(context.workspaceId, query));
    api.register(routeContracts.createRoute, ({ context, body }) => routes.create(context.caller, body));
    api.register(routeContracts.getRoute, ({ context, params }) => routes.get(context.workspaceId, params.name));
    api.register(routeContracts.updateRoute, ({ context, params, body }) => routes.update(context.caller, params.name, body));
    api.register(routeContracts.deleteRoute, ({ context, params, ...given }) => routes.delete(context.caller, params.name, reasonIn(given)));
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
