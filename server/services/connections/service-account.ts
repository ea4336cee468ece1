import { createPrivateKey, sign } from 'node:crypto';
import { AppError } from '@switchyard/shared/errors.ts';
import { z } from 'zod';

/* Assertions of Google service accounts (RFC 7523): a signed JWT is exchanged for an access token. */

const keyFile = z.object({
  client_email: z.string().min(1),
  private_key: z.string().min(1),
  private_key_id: z.string().optional(),
  token_uri: z.url({ protocol: /^https?$/ }),
});

export type KeyFile = z.output<typeof keyFile>;

/** Parses a key file. Throws `unknown-secret` that says what is wrong with it. */
export function readKeyFile(text: string): KeyFile {
  try {
    const file = keyFile.parse(JSON.parse(text));
    createPrivateKey(file.private_key);
    return file;
  } catch (cause) {
    throw new AppError('unknown-secret', 'The service account key must be the JSON key file that Google offers for download.', { cause });
  }
}

const LIFETIME_S = 3_600;
/** Tolerates a server whose clock is behind. */
const EARLIER_S = 30;

interface AssertionOf {
  readonly scopes: readonly string[];
  readonly subject: string | undefined;
  /** How far the server’s clock is ahead of ours. */
  readonly skewMs: number;
}

export function signedAssertion(secret: string, { scopes, subject, skewMs }: AssertionOf, now: Date): { tokenUrl: string; assertion: string } {
  const { client_email, private_key, private_key_id, token_uri } = readKeyFile(secret);
  const issuedAt = Math.floor((now.getTime() + skewMs) / 1_000) - EARLIER_S;
  const header = { alg: 'RS256', typ: 'JWT', ...(private_key_id && { kid: private_key_id }) };
  const claims = { iss: client_email, scope: scopes.join(' '), aud: token_uri, iat: issuedAt, exp: issuedAt + LIFETIME_S, ...(subject && { sub: subject }) };
  const unsigned = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('RSA-SHA256', Buffer.from(unsigned), private_key).toString('base64url');
  return { tokenUrl: token_uri, assertion: `${unsigned}.${signature}` };
}
