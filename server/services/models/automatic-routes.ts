import type { RouteTarget } from '@switchyard/shared/contracts/routes.ts';
import type { Actor } from '@switchyard/shared/run/actor.ts';
import type { ModelParts } from '../../models/model-parts.ts';
import type { Providers } from '../../models/provider-access.ts';
import { type ConnectionRecord, connections } from '../../store/collections.ts';
import { findAll } from '../../store/find-all.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { type RouteRecord, routes } from '../../store/route-collections.ts';
import { changeRoute, settingsOf } from '../routes/change-route.ts';
import { isRealModel } from './connection-view.ts';

/*
 * The routes that every workspace has. Until a user edits one, it follows the oldest provider connection that works, or the demo model
 * if there is none. The demo model is never a fallback of a real model: its answers must not pass for a model’s.
 */

export const STANDARD_ROUTES = [
  { name: 'fast', description: 'Fast and cheap: classification, short replies' },
  { name: 'careful', description: 'Higher quality: drafts that people review' },
] as const;
type StandardName = (typeof STANDARD_ROUTES)[number]['name'];

/** Preferred models, best first. A name also matches its dated editions. */
const WANTED: Readonly<Record<'openai' | 'anthropic', Readonly<Record<StandardName, readonly [string, ...string[]]>>>> = {
  openai: { fast: ['gpt-4.1-mini', 'gpt-5-mini', 'gpt-4o-mini'], careful: ['gpt-4.1', 'gpt-5', 'gpt-4o'] },
  anthropic: { fast: ['claude-haiku-4-5', 'claude-haiku'], careful: ['claude-sonnet-4-5', 'claude-sonnet'] },
};

/** The server, when connections change. */
const CONNECTIONS: Actor = { kind: 'system', id: 'connections' };

const LISTING_MS = 5_000;

/** The models of a connection. Empty if it doesn't respond in time, or its secret can't be decrypted. */
async function listed(record: ConnectionRecord, providers: Providers): Promise<readonly string[]> {
  if (record.health?.ok && record.health.models.length > 0) return record.health.models;
  try {
    return await providers.of(record).listModels(AbortSignal.timeout(LISTING_MS));
  } catch {
    return [];
  }
}

/** The model of a connection that each standard route uses. Undefined if it is not known yet. */
async function modelsOf(record: ConnectionRecord, providers: Providers): Promise<Record<StandardName, string> | undefined> {
  if (record.kind === 'demo') return { fast: 'demo', careful: 'demo' };
  // Its deployments are not listed, so a user has to name one.
  if (record.kind === 'azure-openai') return undefined;
  const wanted = record.kind === 'openai' || record.kind === 'anthropic' ? WANTED[record.kind] : undefined;
  // The providers’ own model names are known; any other server has its own models.
  if (wanted && record.baseUrl === null) return { fast: wanted.fast[0], careful: wanted.careful[0] };
  const available = await listed(record, providers);
  const pick = (name: StandardName): string | undefined =>
    wanted?.[name].map((model) => available.find((one) => one === model || one.startsWith(`${model}-`))).find((model) => model !== undefined) ??
    available[0] ??
    wanted?.[name][0];
  const [fast, careful] = [pick('fast'), pick('careful')];
  return fast !== undefined && careful !== undefined ? { fast, careful } : undefined;
}

async function candidates(store: WorkspaceStore): Promise<ConnectionRecord[]> {
  const items = await findAll(store, connections);
  const age = (record: ConnectionRecord) => record.createdAt;
  const real = items.filter(isRealModel).sort((one, two) => (age(one) < age(two) ? -1 : age(one) > age(two) ? 1 : 0));
  // A connection from the environment has not been tested yet, and is the operator’s choice.
  return [...real.filter(({ health }) => health?.ok !== false), ...items.filter(({ kind }) => kind === 'demo')];
}

/**
 * Points the automatic routes at the right connection, after connections were added, tested, changed, or deleted. An existing route keeps
 * its model, unless that connection has `moved` to another base URL.
 */
export async function followConnections(workspaceId: string, parts: ModelParts, providers: Providers, moved?: string): Promise<void> {
  const store = parts.store.in(workspaceId);
  const found = await Promise.all(STANDARD_ROUTES.map(({ name }) => store.get(routes, name)));
  const automatic = found.filter((route): route is RouteRecord => route?.automatic === true);
  for (const record of await candidates(store)) {
    const pending = automatic.filter((route) => route.targets[0]?.connectionId !== record.id || record.id === moved);
    if (pending.length === 0) return;
    // An unavailable server is no reason to use the demo model: a route keeps a real connection as long as it exists.
    if (record.kind === 'demo' && (await leadsToRealModel(store, automatic))) return;
    const models = await modelsOf(record, providers);
    if (!models) continue;
    for (const route of pending) {
      const targets: RouteTarget[] = [{ connectionId: record.id, model: models[route.name as StandardName] }];
      // Only as long as the route is automatic: a user may edit it at this moment.
      await changeRoute(parts, { workspaceId, actor: CONNECTIONS, name: route.name, action: 'follow-connections' }, (current) =>
        current.automatic ? { settings: { ...settingsOf(current), targets }, automatic: true } : undefined,
      );
    }
    return;
  }
}

async function leadsToRealModel(store: WorkspaceStore, automatic: readonly RouteRecord[]): Promise<boolean> {
  const ids = automatic.map(({ targets }) => targets[0]?.connectionId ?? '');
  const there = await Promise.all(ids.map((id) => store.get(connections, id)));
  return there.some((record) => record !== undefined && isRealModel(record));
}
