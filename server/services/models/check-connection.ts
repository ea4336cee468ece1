import { createSecureContext } from 'node:tls';
import type { Auth } from '@switchyard/shared/contracts/connections/auth.ts';
import { databaseUrlProblem, isDataKind } from '@switchyard/shared/contracts/connections/database.ts';
import type { Connection, ConnectionLimits } from '@switchyard/shared/contracts/models.ts';
import { AppError, type FieldError } from '@switchyard/shared/errors.ts';
import { readKeyFile } from '../connections/service-account.ts';

/** A connection as it is being entered. */
export interface ConnectionDraft {
  readonly name: string;
  readonly kind: Connection['kind'];
  readonly baseUrl?: string | undefined;
  readonly secret?: string | undefined;
  readonly apiVersion?: string | undefined;
  readonly limits?: ConnectionLimits | undefined;
  readonly auth?: Auth | undefined;
  readonly service?: string | undefined;
  readonly account?: string | null | undefined;
  readonly expiresAt?: string | null | undefined;
}

/** Names of headers that carry a credential must be tokens (RFC 9110 §5.1). */
const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;

function mistakes({ kind, baseUrl, secret, auth }: ConnectionDraft): FieldError[] {
  const found: FieldError[] = [];
  const say = (path: string, message: string) => found.push({ path, message });
  const url = baseUrl === undefined ? undefined : URL.parse(baseUrl);
  if (kind === 'openai-compatible' && !baseUrl) say('baseUrl', 'is required: the server’s base URL, for example http://127.0.0.1:8080/v1');
  if (kind === 'azure-openai' && !baseUrl) say('baseUrl', 'is required: the endpoint of the resource, for example https://my-resource.openai.azure.com');
  const wrongUrl = isDataKind(kind) ? databaseUrlProblem(kind, baseUrl) : undefined;
  if (wrongUrl) say('baseUrl', wrongUrl);
  else if (isDataKind(kind)) return found;
  else if (baseUrl !== undefined && (!url || !/^https?:$/.test(url.protocol))) say('baseUrl', 'must start with http:// or https://');
  if (!isDataKind(kind) && (url?.username || url?.password)) say('baseUrl', 'must not contain a user name or password; enter them as the secret');
  if (auth?.scheme === 'header' && !HEADER_NAME.test(auth.header ?? '')) say('auth.header', 'must be the name of the header for the secret');
  if (auth?.scheme === 'query' && auth.parameter.trim() === '') say('auth.parameter', 'must be the name of the query parameter for the secret');
  if (auth?.scheme === 'oauth2' && auth.grant === 'authorization-code' && !auth.authorizeUrl) say('auth.authorizeUrl', 'is required to sign in');
  if (auth?.scheme === 'oauth2' && auth.clientId.trim() === '') say('auth.clientId', 'is required: the ID of the application that you registered');
  if (auth?.scheme === 'path' && !/^[\w.~-]*$/.test(auth.prefix ?? '')) say('auth.prefix', 'must contain only letters, digits, and -._~');
  const wrong = secret && secretMistake(secret, auth);
  if (wrong) say('secret', wrong);
  return found;
}

/** Why a secret can’t be used with this authentication. */
function secretMistake(secret: string, auth: Auth | undefined): string | undefined {
  if (auth?.scheme === 'certificate') return certificateMistake(secret, auth.authority);
  if (auth?.scheme === 'google-service-account') return keyFileMistake(secret);
  const lines = auth?.scheme === 'aws' ? secret.replace(/\r?\n/, '') : secret;
  if (/[^\x20-\x7e]/.test(lines)) return 'contains a character that can’t be sent in a header, for example a line break';
  if (auth?.scheme === 'basic' && !secret.includes(':')) return 'must be user:password for basic authentication';
  return undefined;
}

function keyFileMistake(secret: string): string | undefined {
  try {
    readKeyFile(secret);
    return undefined;
  } catch {
    return 'must be the JSON key file of the service account';
  }
}

function certificateMistake(pem: string, authority: string | undefined): string | undefined {
  const both = /-----BEGIN CERTIFICATE-----/.test(pem) && /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/.test(pem);
  if (!both) return 'must be a certificate and its private key in PEM format, without a passphrase';
  try {
    createSecureContext({ cert: pem, key: pem, ...(authority !== undefined && { ca: authority }) });
    return undefined;
  } catch (thrown) {
    return `can’t be used as a client certificate: ${thrown instanceof Error ? thrown.message : thrown}`;
  }
}

/** Throws `bad-request` with a message for each invalid field. */
export function checkConnection(draft: ConnectionDraft): void {
  const fields = mistakes(draft);
  if (fields.length > 0) throw new AppError('bad-request', fields.map(({ path, message }) => `${path} ${message}`).join('; '), { fields });
}
