import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import type { createRoute, Route, RouteTarget, updateRoute } from '@switchyard/shared/contracts/models.ts';
import { AppError, type FieldError } from '@switchyard/shared/errors.ts';
import type { Circuits } from '../../models/circuits.ts';
import type { ModelParts } from '../../models/model-parts.ts';
import { connections, type RouteRecord, routes } from '../../store/collections.ts';
import type { Page } from '../../store/port.ts';
import { STANDARD_ROUTES } from './automatic-routes.ts';
import { isModelConnection } from './connection-view.ts';

/** Use cases for model routes. */
export interface Routes {
  list(workspaceId: string, page: { limit?: number | undefined; cursor?: string | undefined }): Promise<Page<Route>>;
  get(workspaceId: string, name: string): Promise<Route>;
  create(workspaceId: string, body: BodyOf<typeof createRoute>): Promise<Route>;
  /** Replaces the targets. The route is no longer automatic. */
  update(workspaceId: string, name: string, body: BodyOf<typeof updateRoute>): Promise<Route>;
  /** Throws `in-use` for `fast` and `careful`. */
  delete(workspaceId: string, name: string): Promise<Route>;
  /** For chat. Throws `unknown-route`, naming the existing routes. */
  resolve(workspaceId: string, name: string): Promise<Route>;
}

const recordView = ({ id: _id, workspaceId: _workspace, ...route }: RouteRecord): Route => route;

function renaming(name: string, sent: string): AppError {
  const message = `must be “${name}” as in the URL, or omitted, but is “${sent}”`;
  return new AppError('bad-request', `A route can’t be renamed: “name” ${message}. Create another route instead.`, {
    fields: [{ path: 'name', message }],
  });
}

type RouteParts = Pick<ModelParts, 'store' | 'clock'> & { readonly circuits?: Circuits | undefined };

/** The targets whose circuit is open. */
const openCircuits = (circuits: Circuits | undefined, targets: readonly RouteTarget[]): Required<Route>['circuits'] =>
  targets.flatMap(({ connectionId, model }) => {
    const { state, retryInMs } = circuits?.stateOf(connectionId, model) ?? { state: 'closed', retryInMs: 0 };
    return state === 'closed' ? [] : [{ connectionId, model, state, retryInMs }];
  });

/** Creates the use cases for routes. */
export function createRoutes({ store, clock, circuits }: RouteParts): Routes {
  const viewOf = (record: RouteRecord): Route => ({ ...recordView(record), circuits: openCircuits(circuits, record.targets) });
  const load = async (workspaceId: string, name: string): Promise<RouteRecord> => {
    const record = await store.in(workspaceId).get(routes, name);
    if (!record) throw new AppError('not-found', `Route “${name}” not found.`);
    return record;
  };
  const checkTargets = async (workspaceId: string, targets: readonly RouteTarget[]): Promise<void> => {
    const found = await Promise.all(targets.map(({ connectionId }) => store.in(workspaceId).get(connections, connectionId)));
    const fields: FieldError[] = found.flatMap((record, index) => {
      const path = `targets.${index}.connectionId`;
      if (!record) return [{ path, message: `connection “${targets[index]?.connectionId}” not found` }];
      return isModelConnection(record) ? [] : [{ path, message: `“${record.name}” is for HTTP requests, not for models` }];
    });
    if (fields.length > 0) throw new AppError('bad-request', fields.map(({ message }) => message).join('; '), { fields });
  };
  return {
    async list(workspaceId, { limit, cursor }) {
      const page = await store.in(workspaceId).find(routes, { ...(limit !== undefined && { limit }), ...(cursor !== undefined && { cursor }) });
      return { ...page, items: page.items.map(viewOf) };
    },
    get: async (workspaceId, name) => viewOf(await load(workspaceId, name)),
    async create(workspaceId, { name, description, targets }) {
      await checkTargets(workspaceId, targets);
      const record = { id: name, workspaceId, name, description: description ?? '', targets, automatic: false, updatedAt: clock.now().toISOString() };
      await store.in(workspaceId).insert(routes, record);
      return viewOf(record);
    },
    async update(workspaceId, name, { name: sent, description, targets }) {
      if (sent !== undefined && sent !== name) throw renaming(name, sent);
      const known = await load(workspaceId, name);
      await checkTargets(workspaceId, targets);
      const changes = { targets, description: description ?? known.description, automatic: false, updatedAt: clock.now().toISOString() };
      const changed = await store.in(workspaceId).update(routes, name, changes);
      if (!changed) throw new AppError('not-found', `Route “${name}” not found.`);
      return viewOf(changed);
    },
    async delete(workspaceId, name) {
      const record = await load(workspaceId, name);
      if (STANDARD_ROUTES.some((standard) => standard.name === name))
        throw new AppError('in-use', `Route “${name}” is built in and can’t be deleted. Change its targets instead.`);
      await store.in(workspaceId).delete(routes, name);
      return viewOf(record);
    },
    async resolve(workspaceId, name) {
      const record = await store.in(workspaceId).get(routes, name);
      if (record) return viewOf(record);
      const { items } = await store.in(workspaceId).find(routes, { limit: 20 });
      throw new AppError('unknown-route', `Model route “${name}” not found. Existing routes: ${items.map((route) => route.name).join(', ')}.`);
    },
  };
}
