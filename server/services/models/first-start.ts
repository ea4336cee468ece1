import { isAppError } from '@switchyard/shared/errors.ts';
import { DEMO_CONNECTION, type ModelParts } from '../../models/model-parts.ts';
import type { Providers } from '../../models/provider-access.ts';
import { connections, settings } from '../../store/collections.ts';
import { routes } from '../../store/route-collections.ts';
import { adoptRoute, DEFAULT_SETTINGS, insertRoute, STARTUP } from '../routes/change-route.ts';
import { followConnections, STANDARD_ROUTES } from './automatic-routes.ts';
import { changeConnection, insertConnection } from './change-connection.ts';
import { hintOf } from './connection-view.ts';

/** Each API key in the environment creates a connection the first time it is seen. */
const FROM_ENVIRONMENT = [
  { kind: 'openai', name: 'OpenAI', key: 'OPENAI_API_KEY', baseUrl: 'OPENAI_BASE_URL' },
  { kind: 'anthropic', name: 'Anthropic', key: 'ANTHROPIC_API_KEY', baseUrl: 'ANTHROPIC_BASE_URL' },
] as const;

/** Runs an insert that another process, or an earlier interrupted start, may have done already. */
const once = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((thrown: unknown) => {
    if (!isAppError(thrown, 'already-exists')) throw thrown;
  });

async function addFromEnvironment(workspaceId: string, parts: ModelParts, providers: Providers): Promise<void> {
  const store = parts.store.in(workspaceId);
  const by = { workspaceId, actor: STARTUP };
  for (const { kind, name, key, baseUrl } of FROM_ENVIRONMENT) {
    const secret = parts.env[key]?.trim();
    if (!secret) continue;
    const id = `${kind}-from-environment`;
    const seenAs = `connection-from-${key}`;
    const seen = await store.get(settings, seenAs);
    if (!seen) {
      await once(insertConnection(parts, by, { id, name: `${name} (${key})`, kind, baseUrl: parts.env[baseUrl]?.trim() || undefined, secret }));
      await followConnections(workspaceId, parts, providers);
      // Recorded last: an interrupted start repeats it, and a connection deleted later stays deleted.
      await once(store.insert(settings, { id: seenAs, workspaceId, value: hintOf(secret) }));
    } else if (seen.value !== hintOf(secret)) {
      // The API key in the environment was replaced, so it overrides the stored one.
      const updatedAt = parts.clock.now().toISOString();
      const changes = { sealedSecret: parts.secrets.seal(secret, id), secretHint: hintOf(secret), health: null, updatedAt };
      const record = await store.get(connections, id);
      if (record) await changeConnection(parts, by, record, changes, 'replace-secret');
      await store.update(settings, seenAs, { value: hintOf(secret) });
    }
  }
}

/** What every workspace starts with: the demo connection, the routes `fast` and `careful`, and a connection per API key in the environment. */
export async function ensureDefaults(workspaceId: string, parts: ModelParts, providers: Providers): Promise<void> {
  const store = parts.store.in(workspaceId);
  if (!(await store.get(connections, DEMO_CONNECTION)))
    await once(insertConnection(parts, { workspaceId, actor: STARTUP }, { id: DEMO_CONNECTION, name: 'Demo', kind: 'demo' }));
  for (const { name, description } of STANDARD_ROUTES) {
    if (await store.get(routes, name)) continue;
    const settings = { ...DEFAULT_SETTINGS, description, targets: [{ connectionId: DEMO_CONNECTION, model: 'demo' }] };
    await once(insertRoute(parts, { workspaceId, actor: STARTUP, name, action: 'create' }, settings, true));
  }
  const { items } = await store.find(routes, { limit: 1000 });
  for (const route of items) if (route.version === undefined) await adoptRoute(parts, route);
  await addFromEnvironment(workspaceId, parts, providers);
}
