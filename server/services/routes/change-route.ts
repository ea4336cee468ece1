import type { Route, RouteSettings, RouteVersion } from '@switchyard/shared/contracts/routes.ts';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { type Actor, readActor } from '@switchyard/shared/run/actor.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import type { Store, WorkspaceStore } from '../../store/port.ts';
import { type RouteRecord, type RouteVersionRecord, routes, routeVersions } from '../../store/route-collections.ts';
import { recordChange } from '../changes/record-change.ts';

/*
 * Changes routes (S54). Every change makes a version: the version is inserted first, then the change is recorded (S68), then the route is
 * pointed to the version by compare-and-set. Numbers are never used again, also after a route was deleted, so `route@version` always means
 * the same.
 */

export interface RouteChanges {
  readonly store: Store;
  readonly clock: { now(): Date };
}

export interface RouteChange {
  readonly workspaceId: string;
  readonly actor: Actor;
  readonly name: string;
  readonly action: string;
  readonly reason?: string | undefined;
}

/** The settings of a new route, besides its targets. */
export const DEFAULT_SETTINGS: Omit<RouteSettings, 'targets'> = {
  description: '',
  order: 'sequence',
  stickyKey: null,
  onBrokenStream: 'restart',
  cacheTtlMs: null,
  fallbackWarningMs: 900_000,
};

/** The settings of a route or a version, without their identity. */
export const settingsOf = (record: RouteRecord | RouteVersionRecord): RouteSettings => {
  const { description, targets, order, stickyKey, onBrokenStream, cacheTtlMs, fallbackWarningMs } = record;
  return {
    description,
    targets,
    order: order ?? DEFAULT_SETTINGS.order,
    stickyKey: stickyKey ?? null,
    onBrokenStream: onBrokenStream ?? DEFAULT_SETTINGS.onBrokenStream,
    cacheTtlMs: cacheTtlMs ?? null,
    fallbackWarningMs: fallbackWarningMs === undefined ? DEFAULT_SETTINGS.fallbackWarningMs : fallbackWarningMs,
  };
};

/** The version of a route. Routes of 0.1 have none until the first start. */
export const versionOf = ({ version = 1 }: Pick<RouteRecord, 'version'>): number => version;

export const routeView = (record: RouteRecord): Omit<Route, 'circuits' | 'fallback'> => ({
  ...settingsOf(record),
  name: record.name,
  version: versionOf(record),
  automatic: record.automatic,
  updatedAt: record.updatedAt,
});

export const routeVersionView = (record: RouteVersionRecord): RouteVersion => ({
  ...settingsOf(record),
  number: record.number,
  createdAt: record.createdAt,
  actor: readActor(record.actor),
  reason: record.reason,
});

export const routeVersionId = (name: string, number: number): string => `${name}:${number}`;

/** Loads a route. Throws `not-found`. */
export async function findRoute(store: WorkspaceStore, name: string): Promise<RouteRecord> {
  const record = await store.get(routes, name);
  if (!record) throw new AppError('not-found', `Route “${name}” not found.`);
  return record;
}

const ATTEMPTS = 5;

/** Makes the next version of a route. Reloads the route if another change won. `intend` returns undefined if nothing has to change. */
export async function changeRoute(
  parts: RouteChanges,
  change: RouteChange,
  intend: (record: RouteRecord) => { readonly settings: RouteSettings; readonly automatic: boolean } | undefined,
): Promise<RouteRecord> {
  const store = parts.store.in(change.workspaceId);
  for (let attempt = 1; ; attempt++) {
    const record = await findRoute(store, change.name);
    const next = intend(record);
    if (!next) return record;
    const before = settingsOf(record);
    const version = await insertVersion(parts, change, versionOf(record), next.settings);
    const apply = () => {
      const changes = { ...next.settings, automatic: next.automatic, version, updatedAt: parts.clock.now().toISOString() };
      return store.update(routes, record.id, changes, { equal: { version: versionOf(record) } });
    };
    try {
      return await recordChange(changesParts(parts), { ...subjectOf(change), before, after: next.settings, revision: version }, apply);
    } catch (thrown) {
      if (!isAppError(thrown, 'revision-conflict')) throw thrown;
      await store.delete(routeVersions, routeVersionId(change.name, version));
      if (attempt === ATTEMPTS) throw thrown;
    }
  }
}

/** Creates a route. Throws `already-exists`. */
export async function insertRoute(parts: RouteChanges, change: RouteChange, settings: RouteSettings, automatic: boolean): Promise<RouteRecord> {
  const { workspaceId, name } = change;
  const store = parts.store.in(workspaceId);
  if (await store.get(routes, name)) throw new AppError('already-exists', `A route named “${name}” already exists. Choose another name.`);
  const earlier = await store.find(routeVersions, { where: { route: name }, order: { field: 'number', descending: true }, limit: 1 });
  const version = await insertVersion(parts, change, earlier.items[0]?.number ?? 0, settings);
  const record: RouteRecord = { id: name, workspaceId, name, ...settings, automatic, version, updatedAt: parts.clock.now().toISOString() };
  return recordChange(changesParts(parts), { ...subjectOf(change), before: null, after: settings, revision: version }, async () => {
    await store.insert(routes, record);
    return record;
  });
}

/** Deletes a route. Its versions stay, because calls refer to them. */
export async function removeRoute(parts: RouteChanges, change: RouteChange): Promise<RouteRecord> {
  const store = parts.store.in(change.workspaceId);
  const record = await findRoute(store, change.name);
  const intended = { ...subjectOf(change), before: settingsOf(record), after: null, revision: versionOf(record) + 1 };
  return recordChange(changesParts(parts), intended, async () => ((await store.delete(routes, record.id)) ? record : undefined));
}

/** Gives a route of version 0.1 its version 1. */
export async function adoptRoute({ store }: RouteChanges, record: RouteRecord): Promise<void> {
  const { workspaceId, name, updatedAt } = record;
  const first = { id: routeVersionId(name, 1), workspaceId, route: name, number: 1, createdAt: updatedAt, actor: STARTUP, reason: null };
  await insertIfAbsent(store.in(workspaceId), routeVersions, { ...first, ...settingsOf(record) });
  await store.in(workspaceId).update(routes, record.id, { version: 1, ...settingsOf(record) }, { equal: { updatedAt } });
}

/** The server itself, when it changes routes. */
export const STARTUP: Actor = { kind: 'system', id: 'startup' };

const changesParts = ({ store, clock }: RouteChanges) => ({ stores: store, now: () => clock.now() });
const subjectOf = ({ name, ...change }: RouteChange) => ({ ...change, subject: { kind: 'route' as const, id: name } });

/** Inserts a version under the next free number, and returns it. A number may be taken by a change in progress or an interrupted one. */
async function insertVersion({ store, clock }: RouteChanges, change: RouteChange, after: number, settings: RouteSettings): Promise<number> {
  const { workspaceId, name, actor, reason } = change;
  const common = { workspaceId, route: name, ...settings, createdAt: clock.now().toISOString(), actor, reason: reason ?? null };
  for (let number = after + 1; ; number++) {
    if (await insertIfAbsent(store.in(workspaceId), routeVersions, { id: routeVersionId(name, number), number, ...common })) return number;
  }
}
