import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import type { createKillSwitch as createContract, KillSwitch } from '@switchyard/shared/contracts/controls/kill-switches.ts';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { readActor } from '@switchyard/shared/run/actor.ts';
import { connections, versions } from '../../store/collections.ts';
import { findAll } from '../../store/find-all.ts';
import type { Page, WorkspaceStore } from '../../store/port.ts';
import { type KillSwitchRecord, killSwitches } from '../../store/registry-collections.ts';
import { routes } from '../../store/route-collections.ts';
import { actorOf } from '../caller.ts';
import { recordChange } from '../changes/record-change.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { newId } from '../ids.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';

/* Use cases of kill switches (S64). Each use is recorded with its author and reason (S68). */

const killSwitchView = ({ workspaceId: _workspace, key: _key, revision: _revision, actor, ...rest }: KillSwitchRecord): KillSwitch => ({
  ...rest,
  actor: readActor(actor),
});

export async function listKillSwitches(
  { store }: ServiceContext,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<KillSwitch>> {
  const page = await store.find(killSwitches, { order: { field: 'createdAt', descending: true }, limit, ...(cursor !== undefined && { cursor }) });
  return { ...page, items: page.items.map(killSwitchView) };
}

/** Sets a kill switch, in force when this resolves. If the same one is in force already, returns it as `existing`. */
export async function createKillSwitch(
  context: ServiceContext,
  { scope, mode, reason }: BodyOf<typeof createContract>,
): Promise<{ killSwitch: KillSwitch; existing: boolean }> {
  const { store, workspaceId, caller } = context;
  const named = await namedScope(context, scope);
  const key = `${named.kind}:${named.id}:${mode}`;
  const known = async (): Promise<KillSwitchRecord | undefined> => (await store.find(killSwitches, { where: { key }, limit: 1 })).items[0];
  const before = await known();
  if (before) return { killSwitch: killSwitchView(before), existing: true };
  const record: KillSwitchRecord = {
    id: newId('kil', context.now()),
    workspaceId,
    key,
    scope: named,
    mode,
    reason: reason ?? null,
    createdAt: timestamp(context),
    actor: actorOf(caller),
    refusedRuns: 0,
    refusedCalls: 0,
    abort: mode === 'abort' ? { asked: 0, left: 0, endedAt: null } : null,
    revision: 1,
  };
  try {
    await recordUse(context, record, { action: 'create', before: null, after: { scope: named, mode }, reason, revision: 1 }, async () => {
      await store.insert(killSwitches, record);
      return record;
    });
  } catch (thrown) {
    // Set twice at once: the other switch is in force.
    const first = isAppError(thrown, 'already-exists') ? await known() : undefined;
    if (!first) throw thrown;
    await context.kills.refresh();
    return { killSwitch: killSwitchView(first), existing: true };
  }
  return { killSwitch: killSwitchView(record), existing: false };
}

/** Undoes a kill switch. Runs that it held continue; those that it canceled stay canceled. */
export async function deleteKillSwitch(context: ServiceContext, id: string, reason: string | undefined): Promise<KillSwitch> {
  const { store } = context;
  const record = await store.get(killSwitches, id);
  if (!record) throw new AppError('not-found', `Kill switch “${id}” not found. It may already be undone.`);
  const { scope, mode } = record;
  const change = { action: 'delete', before: { scope, mode }, after: null, reason, revision: record.revision + 1 };
  await recordUse(context, record, change, async () => ((await store.delete(killSwitches, id)) ? record : undefined)).catch((thrown) => {
    throw isAppError(thrown, 'revision-conflict') ? new AppError('not-found', 'This kill switch was already undone.') : thrown;
  });
  return killSwitchView(record);
}

/** Records a change and applies it. It is in force in this process when this resolves, and in others within 2 s. */
async function recordUse(
  context: ServiceContext,
  { id }: KillSwitchRecord,
  change: { action: string; before: unknown; after: unknown; reason: string | undefined; revision: number },
  apply: () => Promise<KillSwitchRecord | undefined>,
): Promise<void> {
  const { workspaceId, caller } = context;
  await recordChange(context, { workspaceId, actor: actorOf(caller), subject: { kind: 'kill-switch', id }, ...change }, apply);
  context.changed.killSwitches(workspaceId);
  await context.kills.refresh();
}

const modelsInRoutes = async (store: WorkspaceStore): Promise<ReadonlySet<string>> =>
  new Set((await findAll(store, routes)).flatMap(({ targets }) => targets.map(({ model }) => model)));

/**
 * The scope with the name of its subject. Rejects a scope that covers nothing, so a typo is noticed. Tenants may have any name.
 */
async function namedScope(context: ServiceContext, { kind, id = context.workspaceId }: BodyOf<typeof createContract>['scope']): Promise<KillSwitch['scope']> {
  const { store, workspaceId } = context;
  const missing = (message: string) => new AppError('not-found', message, { fields: [{ path: 'scope.id', message: 'not found' }] });
  switch (kind) {
    case 'workspace':
      if (id !== workspaceId) throw missing(`Workspace “${id}” not found. Leave the ID out to stop this workspace.`);
      return { kind, id, name: id };
    case 'workflow':
      return { kind, id, name: (await getWorkflowRecord(context, id)).name };
    case 'version': {
      const version = await store.get(versions, id);
      if (!version) throw missing(`Version “${id}” not found. Its ID has the form <workflowId>:<number>.`);
      return { kind, id, name: `${(await getWorkflowRecord(context, version.workflowId)).name} v${version.number}` };
    }
    case 'route':
      if (!(await store.get(routes, id))) throw missing(`Route “${id}” not found.`);
      return { kind, id, name: id };
    case 'connection': {
      const connection = await store.get(connections, id);
      if (!connection) throw missing(`Connection “${id}” not found.`);
      return { kind, id, name: connection.name };
    }
    case 'model': {
      const models = await modelsInRoutes(store);
      if (models.has(id)) return { kind, id, name: id };
      const known = [...models]
        .sort()
        .map((model) => `“${model}”`)
        .join(', ');
      throw missing(`No route has the model “${id}”. A model is stopped by its name in routes, also if it answers under another. Models in routes: ${known}.`);
    }
    default:
      return { kind, id, name: id };
  }
}
