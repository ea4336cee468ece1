import { isDataKind } from '@switchyard/shared/contracts/connections/database.ts';
import { AppError, toAppError } from '@switchyard/shared/errors.ts';
import { checkDatabase } from '../../data-servers/databases/databases.ts';
import { failingSince, type Health } from '../../models/call-health.ts';
import type { ModelParts } from '../../models/model-parts.ts';
import type { Providers } from '../../models/provider-access.ts';
import type { ConnectionRecord } from '../../store/collections.ts';
import { databaseTargetOf } from '../connections/database-target.ts';
import { isModelConnection } from './connection-view.ts';

const TEST_MS = 15_000;
const LISTED_MODELS = 500;

/** The outcome of a test: the connection's new health, and the error if it failed. */
export interface Tested {
  readonly health: Health;
  readonly error?: AppError;
}

/** Lists the connection's models, or obtains a token with `signIn`, within 15 s. A failure is a result, not an error, and keeps the models known before. */
export async function testConnection(
  record: ConnectionRecord,
  parts: ModelParts,
  providers: Pick<Providers, 'of'>,
  signIn?: () => Promise<unknown>,
): Promise<Tested> {
  const startedAt = parts.clock.now().getTime();
  const now = () => {
    const at = parts.clock.now();
    return { at: at.toISOString(), latencyMs: at.getTime() - startedAt, seenIn: 'test' as const };
  };
  const late = new AppError('provider-timeout', `No response within ${TEST_MS / 1000} s.`);
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(late), TEST_MS);
  try {
    const { message, models } = signIn ? await signedIn(signIn) : await ask(record, parts, providers, controller.signal);
    return { health: { ok: true, message, models, failingSince: null, ...now() } };
  } catch (thrown) {
    const error = toAppError(thrown);
    const { at, ...rest } = now();
    return {
      health: { ok: false, message: error.message, models: record.health?.models ?? [], failingSince: failingSince(record.health, at), at, ...rest },
      error,
    };
  } finally {
    clearTimeout(timer);
  }
}

interface Answered {
  readonly message: string;
  readonly models: string[];
}

async function ask(record: ConnectionRecord, parts: ModelParts, providers: Pick<Providers, 'of'>, signal: AbortSignal): Promise<Answered> {
  if (isDataKind(record.kind)) return { message: await checkDatabase(parts.egress, databaseTargetOf(parts, record), signal), models: [] };
  if (!isModelConnection(record)) return askHttp(record, parts, signal);
  const models = await providers.of(record).listModels(signal);
  // Azure lists the models that could be deployed, not the deployments.
  if (record.kind === 'azure-openai') return { message: 'Accepts the API key', models: [] };
  return { message: models.length === 1 ? '1 model' : `${models.length} models`, models: models.slice(0, LISTED_MODELS) };
}

async function signedIn(signIn: () => Promise<unknown>): Promise<Answered> {
  await signIn();
  return { message: 'Signed in', models: [] };
}

/** Any response shows that an HTTP URL is reachable. The secret is not sent. */
async function askHttp({ baseUrl }: ConnectionRecord, parts: ModelParts, signal: AbortSignal): Promise<Answered> {
  if (baseUrl === null) return { message: 'No base URL to test', models: [] };
  const answer = await parts.egress.send({ method: 'GET', url: baseUrl, headers: {}, maxBytes: 5_000_000 }, signal);
  return { message: `Responds with status ${answer.status}`, models: [] };
}
