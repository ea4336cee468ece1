import type { Connection, ConnectionLimits } from '@switchyard/shared/contracts/models.ts';
import { AppError, type FieldError } from '@switchyard/shared/errors.ts';

/** A connection as it is being entered. */
export interface ConnectionDraft {
  readonly name: string;
  readonly kind: Connection['kind'];
  readonly baseUrl?: string | undefined;
  readonly secret?: string | undefined;
  readonly apiVersion?: string | undefined;
  readonly limits?: ConnectionLimits | undefined;
  readonly auth?: { readonly scheme: 'bearer' | 'header' | 'basic'; readonly header?: string | undefined } | undefined;
}

/** Names of headers that carry a credential must be tokens (RFC 9110 §5.1). */
const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;

function mistakes({ kind, baseUrl, secret, auth }: ConnectionDraft): FieldError[] {
  const found: FieldError[] = [];
  const say = (path: string, message: string) => found.push({ path, message });
  const url = baseUrl === undefined ? undefined : URL.parse(baseUrl);
  if (kind === 'openai-compatible' && !baseUrl) say('baseUrl', 'is required: the server’s base URL, for example http://127.0.0.1:8080/v1');
  if (kind === 'azure-openai' && !baseUrl) say('baseUrl', 'is required: the endpoint of the resource, for example https://my-resource.openai.azure.com');
  if (baseUrl !== undefined && (!url || !/^https?:$/.test(url.protocol))) say('baseUrl', 'must start with http:// or https://');
  if (url?.username || url?.password) say('baseUrl', 'must not contain a user name or password; enter them as the secret');
  if (secret && /[^\x20-\x7e]/.test(secret)) say('secret', 'contains a character that can’t be sent in a header, for example a line break');
  if (auth?.scheme === 'header' && !HEADER_NAME.test(auth.header ?? '')) say('auth.header', 'must be the name of the header for the secret');
  if (auth?.scheme === 'basic' && secret && !secret.includes(':')) say('secret', 'must be user:password for basic authentication');
  return found;
}

/** Throws `bad-request` with a message for each invalid field. */
export function checkConnection(draft: ConnectionDraft): void {
  const fields = mistakes(draft);
  if (fields.length > 0) throw new AppError('bad-request', fields.map(({ path, message }) => `${path} ${message}`).join('; '), { fields });
}
