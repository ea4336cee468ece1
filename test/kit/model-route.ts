import { createConnection, listConnections } from '@switchyard/shared/contracts/models.ts';
import { createRoute, updateRoute } from '@switchyard/shared/contracts/routes.ts';
import type { TestApi } from './api.ts';
import type { FakeProvider } from './fake-provider/fake-provider.ts';

/** One target of a route: a model server by its URL. */
export interface ModelServer {
  readonly kind: 'openai-compatible' | 'anthropic';
  readonly baseUrl: string;
  readonly model: string;
  readonly timeoutMs?: number;
  /** Calls at once. By default, few: it is a server on this machine. */
  readonly atOnce?: number;
}

/** The fake provider as a target, with OpenAI's protocol. */
export const fakeTarget = (fake: FakeProvider, more: Partial<ModelServer> = {}): ModelServer => ({
  kind: 'openai-compatible',
  baseUrl: fake.openAiUrl,
  model: 'fake-small',
  ...more,
});

/** Routes that exist from the start. */
const GIVEN = new Set(['fast', 'careful']);

/** Adds a connection for each target and points the route at them in this order. */
export async function routeTo(api: TestApi, name: string, ...servers: readonly ModelServer[]): Promise<void> {
  const targets = [];
  for (const [index, { kind, baseUrl, model, timeoutMs, atOnce }] of servers.entries()) {
    const { id } = await api.call(createConnection, {
      body: { name: `${name} ${index + 1}`, kind, baseUrl, secret: 'key-of-the-test', ...(atOnce !== undefined && { limits: { atOnce } }) },
    });
    targets.push({ connectionId: id, model, ...(timeoutMs !== undefined && { timeoutMs }) });
  }
  if (GIVEN.has(name)) await api.call(updateRoute, { params: { name }, body: { targets } });
  else await api.call(createRoute, { body: { name, targets } });
}

/** Points a route at the built-in demo model, whatever else is connected. */
export async function routeToDemo(api: TestApi, name: string): Promise<void> {
  const { items } = await api.call(listConnections, {});
  const demo = items.find(({ kind }) => kind === 'demo');
  await api.call(createRoute, { body: { name, targets: [{ connectionId: demo?.id ?? '', model: 'demo' }] } });
}
