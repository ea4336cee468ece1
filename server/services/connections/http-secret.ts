import { AppError } from '@switchyard/shared/errors.ts';
import type { HttpSecret } from '../../egress/sign-request.ts';
import type { ModelParts } from '../../models/model-parts.ts';
import { type ConnectionRecord, connections } from '../../store/collections.ts';
import type { TokenKeeper } from './token-keeper.ts';

/** The secret of an `http` connection, for the egress: as stored, or a token that is obtained with it. Throws `unknown-secret` and `reconnect`. */
export async function httpSecretOf(
  { store, secrets }: Pick<ModelParts, 'store' | 'secrets'>,
  keeper: TokenKeeper,
  workspaceId: string,
  id: string,
): Promise<HttpSecret> {
  const record = await store.in(workspaceId).get(connections, id);
  if (record?.kind !== 'http')
    throw new AppError('unknown-secret', `HTTP connection “${id}” not found. Choose another in the node, or add one under Connections.`);
  const { auth, baseUrl } = record;
  if (auth?.scheme === 'oauth2' || auth?.scheme === 'google-service-account') return tokenSecret(keeper, record);
  if (record.sealedSecret === null) throw new AppError('unknown-secret', `Connection “${record.name}” has no secret. Enter it under Connections.`);
  return { ...(auth ?? { scheme: 'bearer' }), secret: secrets.open(record.sealedSecret, id), baseUrl };
}

async function tokenSecret(keeper: TokenKeeper, { workspaceId, id, baseUrl, tokens }: ConnectionRecord): Promise<HttpSecret> {
  const secretFor = (secret: string): HttpSecret => ({ scheme: 'bearer', secret, baseUrl });
  const token = await keeper.accessToken(workspaceId, id);
  // A token that can't be renewed stays: a 401 may also be about the resource.
  if (tokens && !tokens.renews) return secretFor(token);
  return { ...secretFor(token), renew: async () => secretFor(await keeper.accessToken(workspaceId, id, token)) };
}
