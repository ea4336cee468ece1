import { type ConnectionLimits, DEFAULT_AZURE_API_VERSION, LOCAL_CALLS_AT_ONCE } from '@switchyard/shared/contracts/models.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type ConnectionRecord, connections } from '../store/collections.ts';
import { watched } from './call-health.ts';
import type { ProviderAccess } from './calls/call.ts';
import { createDemoProvider } from './demo.ts';
import type { ModelParts } from './model-parts.ts';
import type { ModelProvider } from './provider.ts';
import { createAnthropicProvider } from './providers/anthropic.ts';
import { createOpenAiProvider } from './providers/openai.ts';

/** Returns the provider of a connection, cached until the connection changes. */
export interface Providers {
  /** Throws `not-found` if the connection doesn't exist, `bad-request` if it is not for models. */
  providerFor(workspaceId: string, connectionId: string): Promise<ProviderAccess>;
  /** The same for a record that is already loaded. */
  of(record: ConnectionRecord): ModelProvider;
}

function demoDelay(env: ModelParts['env']): { delayMs?: number } {
  const text = env.SWITCHYARD_DEMO_DELAY_MS;
  return text ? { delayMs: Number(text) } : {};
}

function makeProvider(record: ConnectionRecord, { egress, secrets, env }: ModelParts): ModelProvider {
  const apiKey = record.sealedSecret === null ? undefined : secrets.open(record.sealedSecret, record.id);
  const fetch = egress.fetchFor({ allowLoopback: true });
  const baseUrl = record.baseUrl ?? undefined;
  switch (record.kind) {
    case 'demo':
      return createDemoProvider(demoDelay(env));
    case 'anthropic':
      return createAnthropicProvider({ apiKey, baseUrl, fetch });
    case 'azure-openai':
      return createOpenAiProvider({ kind: 'azure-openai', apiKey, baseUrl, fetch, apiVersion: record.apiVersion ?? DEFAULT_AZURE_API_VERSION });
    case 'openai':
    case 'openai-compatible':
      return createOpenAiProvider({ kind: record.kind, apiKey, baseUrl, fetch });
    case 'http':
    case 'postgresql':
    case 'mongodb':
    case 'redis':
      throw new AppError(
        'bad-request',
        `Connection “${record.name}” is for ${record.kind === 'http' ? 'HTTP requests' : 'data'}, not for models. Choose a model connection in the route.`,
      );
  }
}

const ON_THIS_MACHINE = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** The limits of a connection, with the default for model servers on this machine. */
export function limitsOf({ kind, baseUrl, limits }: ConnectionRecord): ConnectionLimits {
  const isLocal = kind !== 'demo' && baseUrl !== null && ON_THIS_MACHINE.test(URL.parse(baseUrl)?.hostname ?? '');
  return { ...(isLocal && { atOnce: LOCAL_CALLS_AT_ONCE }), ...limits };
}

/** Creates the cache of providers. A connection is read on each call, so a change by any process applies to the next one. */
export function createProviders(parts: ModelParts): Providers {
  const cache = new Map<string, { version: string; provider: ModelProvider }>();
  const of = (record: ConnectionRecord): ModelProvider => {
    const key = JSON.stringify([record.workspaceId, record.id]);
    const version = JSON.stringify([record.kind, record.baseUrl, record.sealedSecret, record.apiVersion]);
    const known = cache.get(key);
    if (known?.version === version) return known.provider;
    const provider = makeProvider(record, parts);
    cache.set(key, { version, provider });
    return provider;
  };
  return {
    of,
    async providerFor(workspaceId, connectionId) {
      const record = await parts.store.in(workspaceId).get(connections, connectionId);
      if (!record) throw new AppError('not-found', `Connection “${connectionId}” not found. Choose another one for the route under Models.`);
      return {
        provider: record.kind === 'demo' ? of(record) : watched(of(record), record, parts),
        connection: record.name,
        kind: record.kind,
        limits: limitsOf(record),
      };
    },
  };
}
