import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import type {
  createRoute,
  Route,
  RouteFiguresView,
  RouteSettings,
  RouteTarget,
  RouteUsage,
  RouteVersion,
  updateRoute,
} from '@switchyard/shared/contracts/routes.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { copyOf } from '@switchyard/shared/model/target-copy.ts';
import { type CallMemory, createCallMemory } from '../../models/calls/call-memory.ts';
import type { Circuits } from '../../models/circuits.ts';
import type { ModelParts } from '../../models/model-parts.ts';
import type { Page } from '../../store/port.ts';
import { type RouteVersionRecord, routes, routeVersions } from '../../store/route-collections.ts';
import { actorOf, type Caller } from '../caller.ts';
import {
  changeRoute,
  DEFAULT_SETTINGS,
  findRoute,
  insertRoute,
  removeRoute,
  routeVersionId,
  routeVersionView,
  routeView,
  settingsOf,
  versionOf,
} from './change-route.ts';
import { checkRoute } from './check-route.ts';
import { requireUnused, routeUsage } from './route-usage.ts';

interface PageOptions {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}
type ForChange = Pick<Caller, 'kind' | 'id' | 'workspaceId'>;

/** Use cases for model routes. */
export interface Routes {
  list(workspaceId: string, page: PageOptions): Promise<Page<Route>>;
  get(workspaceId: string, name: string): Promise<Route>;
  create(caller: ForChange, body: BodyOf<typeof createRoute>): Promise<Route>;
  /** Makes the next version. The route is no longer automatic. Throws `revision-conflict` if `version` is not the one in use. */
  update(caller: ForChange, name: string, body: BodyOf<typeof updateRoute>): Promise<Route>;
  /** Throws `in-use` for `fast` and `careful`, and for a route that a workflow or budget uses. */
  delete(caller: ForChange, name: string, reason?: string): Promise<Route>;
  usage(workspaceId: string, name: string): Promise<RouteUsage>;
  figures(workspaceId: string, name: string): Promise<RouteFiguresView>;
  listVersions(workspaceId: string, name: string, page: PageOptions): Promise<Page<RouteVersion>>;
  getVersion(workspaceId: string, name: string, number: number): Promise<RouteVersion>;
  /** Makes a version that is like an earlier one. */
  restore(caller: ForChange, name: string, number: number, reason?: string): Promise<Route>;
  /** For chat. Throws `unknown-route`, naming the existing routes. */
  resolve(workspaceId: string, name: string): Promise<RouteSettings & Pick<Route, 'name' | 'version'>>;
}

function renaming(name: string, sent: string): AppError {
  const message = `must be “${name}” as in the URL, or omitted, but is “${sent}”`;
  return new AppError('bad-request', `A route can’t be renamed: “name” ${message}. Create another route instead.`, {
    fields: [{ path: 'name', message }],
  });
}

type RouteParts = Pick<ModelParts, 'store' | 'clock'> & { readonly memory?: CallMemory | undefined };

/** The targets whose circuit is open. */
const openCircuits = (circuits: Circuits, targets: readonly RouteTarget[]): Required<Route>['circuits'] =>
  targets.flatMap(({ connectionId, model }) => {
    const { state, retryInMs } = circuits.stateOf(connectionId, model);
    return state === 'closed' ? [] : [{ connectionId, model, state, retryInMs }];
  });

/** Creates the use cases for routes. */
export function createRoutes(parts: RouteParts): Routes {
  const { store, memory = createCallMemory() } = parts;
  const viewOf = (record: Parameters<typeof routeView>[0]): Route => ({
    ...routeView(record),
    circuits: openCircuits(memory.circuits, record.targets),
    fallback: memory.figures.fallbackOf({ workspaceId: record.workspaceId, route: record.name }),
  });
  const change = (caller: ForChange, name: string, action: string, reason: string | undefined) => ({
    workspaceId: caller.workspaceId,
    actor: actorOf(caller),
    name,
    action,
    reason,
  });
  const versionRecord = async (workspaceId: string, name: string, number: number): Promise<RouteVersionRecord> => {
    const { id } = await findRoute(store.in(workspaceId), name);
    const found = await store.in(workspaceId).get(routeVersions, routeVersionId(id, number));
    if (!found) throw new AppError('not-found', `Route “${name}” has no version ${number}.`);
    return found;
  };
  return {
    async list(workspaceId, page) {
      const { items, nextCursor } = await store.in(workspaceId).find(routes, queryOf(page));
      return { items: items.map(viewOf), nextCursor };
    },
    get: async (workspaceId, name) => viewOf(await findRoute(store.in(workspaceId), name)),
    async create(caller, { name, reason, ...sent }) {
      const settings = withDefaults(sent);
      await checkRoute(store.in(caller.workspaceId), settings);
      return viewOf(await insertRoute(parts, change(caller, name, 'create', reason), settings, false));
    },
    async update(caller, name, { name: sentName, version, reason, ...sent }) {
      if (sentName !== undefined && sentName !== name) throw renaming(name, sentName);
      const workspace = store.in(caller.workspaceId);
      await checkRoute(workspace, withDefaults(sent, settingsOf(await findRoute(workspace, name))));
      const changed = await changeRoute(parts, change(caller, name, 'update', reason), (record) => {
        if (version !== undefined && version !== versionOf(record)) throw changedMeanwhile(name, version, versionOf(record));
        return { settings: withDefaults(sent, settingsOf(record)), automatic: false };
      });
      return viewOf(changed);
    },
    async delete(caller, name, reason) {
      await requireUnused(store.in(caller.workspaceId), name);
      return viewOf(await removeRoute(parts, change(caller, name, 'delete', reason)));
    },
    usage: (workspaceId, name) => routeUsage(store.in(workspaceId), name),
    async figures(workspaceId, name) {
      const { targets } = await findRoute(store.in(workspaceId), name);
      const route = { workspaceId, route: name };
      return { ...memory.figures.ofRoute(route), inProgress: memory.openCalls.ofRoute(route), targets: targetFigures(memory, route, targets) };
    },
    async listVersions(workspaceId, name, page) {
      await findRoute(store.in(workspaceId), name);
      const newestFirst = { where: { route: name }, order: { field: 'number', descending: true } };
      const { items, nextCursor } = await store.in(workspaceId).find(routeVersions, { ...newestFirst, ...queryOf(page) });
      return { items: items.map(routeVersionView), nextCursor };
    },
    getVersion: async (workspaceId, name, number) => routeVersionView(await versionRecord(workspaceId, name, number)),
    async restore(caller, name, number, reason) {
      const settings = settingsOf(await versionRecord(caller.workspaceId, name, number));
      await checkRoute(store.in(caller.workspaceId), settings);
      return viewOf(await changeRoute(parts, change(caller, name, 'restore', reason), () => ({ settings, automatic: false })));
    },
    async resolve(workspaceId, name) {
      const record = await store.in(workspaceId).get(routes, name);
      if (record) return routeView(record);
      const { items } = await store.in(workspaceId).find(routes, { limit: 20 });
      throw new AppError('unknown-route', `Model route “${name}” not found. Existing routes: ${items.map((route) => route.name).join(', ')}.`);
    },
  };
}

/** The figures of each target, in the order of targets. */
const targetFigures = ({ circuits, figures }: CallMemory, route: { workspaceId: string; route: string }, targets: readonly RouteTarget[]) =>
  targets.map((target) => {
    const { connectionId, model } = target;
    const { state, retryInMs } = circuits.stateOf(connectionId, model);
    return { connectionId, model, ...figures.ofTarget({ ...route, connectionId, model, copy: copyOf(targets, target) }), circuit: state, retryInMs };
  });

const queryOf = ({ limit, cursor }: PageOptions) => ({ ...(limit !== undefined && { limit }), ...(cursor !== undefined && { cursor }) });

/** Sent settings; an omitted one keeps its value, or has its default in a new route. */
function withDefaults(
  { targets, description, order, stickyKey, onBrokenStream, cacheTtlMs, fallbackWarningMs }: Omit<BodyOf<typeof createRoute>, 'name' | 'reason'>,
  known: Omit<RouteSettings, 'targets'> = DEFAULT_SETTINGS,
): RouteSettings {
  return {
    targets,
    description: description ?? known.description,
    order: order ?? known.order,
    stickyKey: stickyKey === undefined ? known.stickyKey : stickyKey,
    onBrokenStream: onBrokenStream ?? known.onBrokenStream,
    cacheTtlMs: cacheTtlMs === undefined ? known.cacheTtlMs : cacheTtlMs,
    fallbackWarningMs: fallbackWarningMs === undefined ? known.fallbackWarningMs : fallbackWarningMs,
  };
}

const changedMeanwhile = (name: string, sent: number, current: number): AppError =>
  new AppError(
    'revision-conflict',
    `Route “${name}” was changed in the meantime: you edited version ${sent}, but version ${current} is in use. Reload it, then make your change again.`,
    {
      details: { version: current },
    },
  );
