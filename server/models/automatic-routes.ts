import type { RouteTarget } from '@switchyard/shared/contracts/models.ts';
import { type ConnectionRecord, connections, type RouteRecord, routes } from '../store/collections.ts';
import type { WorkspaceStore } from '../store/port.ts';
import { isRealModel } from './connection-view.ts';
import type { ModelParts } from './model-parts.ts';
import type { Providers } from './provider-access.ts';

/*
 * The routes that every workspace has. As long as nobody has changed one, it follows the oldest real connection, and the demo
 * when there is none. There is no demo behind a real model: an answer by rules must never pass for a model's.
 */

export const STANDARD_ROUTES = [
  { name: 'fast', description: 'Quick and cheap: sorting, short answers' },
  { name: 'careful', description: 'More thought: drafts that people will read' },
] as const;
type StandardName = (typeof STANDARD_ROUTES)[number]['name'];

/** Wanted models, the best first; a name also stands for its dated editions. */
const WANTED: Readonly<Record<'openai' | 'anthropic', Readonly<Record<StandardName, readonly [string, ...string[]]>>>> = {
  openai: { fast: ['gpt-4.1-mini', 'gpt-5-mini', 'gpt-4o-mini'], careful: ['gpt-4.1', 'gpt-5', 'gpt-4o'] },
  anthropic: { fast: ['claude-haiku-4-5', 'claude-haiku'], careful: ['claude-sonnet-4-5', 'claude-sonnet'] },
};

const LISTING_MS = 5_000;

/** The models that the other side has; empty when it does not say in time, or its secret cannot be opened any more. */
async function listed(record: ConnectionRecord, providers: Providers): Promise<readonly string[]> {
  if (record.health?.ok && record.health.models.length > 0) return record.health.models;
  try {
    return await providers.of(record).listModels(AbortSignal.timeout(LISTING_MS));
  } catch {
    return [];
  }
}

/** Which model of a connection each standard route uses; undefined while it is not known. */
async function modelsOf(record: ConnectionRecord, providers: Providers): Promise<Record<StandardName, string> | undefined> {
  if (record.kind === 'demo') return { fast: 'demo', careful: 'demo' };
  const wanted = record.kind === 'openai' || record.kind === 'anthropic' ? WANTED[record.kind] : undefined;
  // At the providers themselves the names are known; any other address has models of its own.
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
  const { items } = await store.find(connections, { limit: 1000 });
  const age = (record: ConnectionRecord) => record.createdAt;
  const real = items.filter(isRealModel).sort((one, two) => (age(one) < age(two) ? -1 : age(one) > age(two) ? 1 : 0));
  return [...real, ...items.filter(({ kind }) => kind === 'demo')];
}

/**
 * Points the automatic routes to where they belong now: after connections were added, tested, changed or removed. A route that is at the right
 * connection keeps its model, unless that connection has `moved` to another address.
 */
export async function followConnections(workspaceId: string, parts: ModelParts, providers: Providers, moved?: string): Promise<void> {
  const store = parts.store.in(workspaceId);
  const found = await Promise.all(STANDARD_ROUTES.map(({ name }) => store.get(routes, name)));
  const automatic = found.filter((route): route is RouteRecord => route?.automatic === true);
  for (const record of await candidates(store)) {
    const isThere = (route: RouteRecord) => route.targets[0]?.connectionId === record.id;
    const pending = automatic.filter((route) => !isThere(route) || record.id === moved);
    if (pending.length === 0) return;
    const models = await modelsOf(record, providers);
    // A server that is down is no reason to answer by rules: whoever is there stays.
    if (!models && automatic.some(isThere)) return;
    if (!models) continue;
    for (const route of pending) {
      const targets: RouteTarget[] = [{ connectionId: record.id, model: models[route.name as StandardName] }];
      await store.update(routes, route.id, { targets, updatedAt: parts.clock.now().toISOString() });
    }
    return;
  }
}
