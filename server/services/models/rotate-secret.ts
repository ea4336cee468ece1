import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import type { rotateConnection } from '@switchyard/shared/contracts/models.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { ModelParts } from '../../models/model-parts.ts';
import { createProviders } from '../../models/provider-access.ts';
import type { ConnectionRecord } from '../../store/collections.ts';
import { droppedTokens, keepsTokens } from '../connections/stored-tokens.ts';
import { checkConnection } from './check-connection.ts';
import { hintOf } from './connection-view.ts';
import { testConnection } from './test-connection.ts';

/**
 * What a new secret changes in a connection. It is tested first, and the old one stays in use until the test succeeds. The secret
 * of an HTTP connection can't be tested, since we don't know what its URL expects. `untested` skips the test. Throws the test's error.
 */
export async function rotatedSecret(record: ConnectionRecord, body: BodyOf<typeof rotateConnection>, parts: ModelParts): Promise<Partial<ConnectionRecord>> {
  const { kind, name, baseUrl, auth, id } = record;
  const { secret } = body;
  if (kind === 'demo') throw new AppError('bad-request', 'The demo model is built in and has no API key.');
  checkConnection({ kind, name, baseUrl: baseUrl ?? undefined, auth: auth ?? undefined, secret });
  const candidate: ConnectionRecord = { ...record, sealedSecret: parts.secrets.seal(secret, id), secretHint: hintOf(secret), health: null };
  const changes = { sealedSecret: candidate.sealedSecret, secretHint: candidate.secretHint, updatedAt: parts.clock.now().toISOString() };
  if (body.untested || record.kind === 'http') return { ...changes, ...(!keepsTokens(record, auth, true) && droppedTokens(record)), health: null };
  // A separate provider: the one in use keeps the old secret.
  const { health, error } = await testConnection(candidate, parts, createProviders(parts));
  if (error) {
    throw new AppError(error.code, `The current secret stays in use, because the new one failed the test: ${error.message}`, {
      retryAfterMs: error.retryAfterMs,
      cause: error,
    });
  }
  return { ...changes, health };
}
