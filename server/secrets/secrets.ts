import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { findSecretKey } from './secret-key.ts';

/*
 * Encrypts secrets for the store: AES-256-GCM (NIST SP 800-38D) with a fresh 96-bit nonce and the ID of the record as additional data, so
 * that a ciphertext can't be moved to another record. The text is `v1.<key id>.<nonce>.<ciphertext and tag>`, base64url. Never logs. No
 * error contains a secret or a ciphertext.
 */

const ALGORITHM = 'aes-256-gcm';
const VERSION = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** In place of a key ID. */
const CAPABILITY_KEY = 'capability';

export interface Secrets {
  /** The first 8 hexadecimal digits of the key's SHA-256. */
  readonly keyId: string;
  /** Encrypts for the record with this ID. */
  seal(plain: string, recordId: string): string;
  /** Decrypts a text sealed for the same record. Throws AppError `secret-unreadable` with what to do. */
  open(sealed: string, recordId: string): string;
  /** HMAC-SHA256 under a key for this purpose, derived from the installation's. */
  keyedHash(purpose: string, value: string | Uint8Array): Buffer;
}

/** The first 8 hexadecimal digits of its SHA-256. */
export const keyIdOf = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 8);

/** Finds or creates the key. Throws AppError `not-ready` that names the source of an invalid key. */
export const openSecrets = ({ dataDir, env }: { dataDir: string; env: Readonly<Record<string, string | undefined>> }): Secrets => {
  const key = findSecretKey(dataDir, env);
  const keyId = keyIdOf(key);
  const keyFor = (purpose: string): Buffer => createHmac('sha256', key).update(`hash ${purpose}`).digest();
  return {
    keyId,
    seal: (plain, recordId) => encipher(key, keyId, plain, recordId),
    open: (sealed, recordId) => {
      const parts = split(sealed);
      if (parts.keyId !== keyId) throw wrongKey(parts.keyId, keyId);
      return decipher(key, parts, recordId);
    },
    keyedHash: (purpose, value) => createHmac('sha256', keyFor(purpose)).update(value).digest(),
  };
};

/** Encrypts with a key of its own, derived from a capability that only its holder and the record know. */
export function sealUnder(capability: string, plain: string, recordId: string): string {
  return encipher(createHash('sha256').update(`seal ${capability}`).digest(), CAPABILITY_KEY, plain, recordId);
}

/** Decrypts what was sealed under the same capability for the same record. Throws AppError `secret-unreadable`. */
export function openUnder(capability: string, sealed: string, recordId: string): string {
  return decipher(createHash('sha256').update(`seal ${capability}`).digest(), split(sealed), recordId);
}

function encipher(key: Buffer, keyId: string, plain: string, recordId: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(recordId));
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return [VERSION, keyId, nonce.toString('base64url'), sealed.toString('base64url')].join('.');
}

/** The secret. Undefined if the current key can't decrypt it. */
export function openOrNothing(secrets: Pick<Secrets, 'open'>, sealed: string, recordId: string): string | undefined {
  try {
    return secrets.open(sealed, recordId);
  } catch (error) {
    if (isAppError(error, 'secret-unreadable')) return undefined;
    throw error;
  }
}

interface SealedParts {
  readonly keyId: string;
  readonly nonce: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

const split = (sealed: string): SealedParts => {
  const [version, keyId, nonce, body, ...rest] = sealed.split('.');
  if (version !== VERSION || keyId === undefined || nonce === undefined || body === undefined || rest.length > 0) throw damaged();
  const bytes = Buffer.from(body, 'base64url');
  const parts = { keyId, nonce: Buffer.from(nonce, 'base64url'), ciphertext: bytes.subarray(0, -TAG_BYTES), tag: bytes.subarray(-TAG_BYTES) };
  // Node would accept a shorter tag, which is easier to forge.
  if (parts.nonce.length !== NONCE_BYTES || parts.tag.length !== TAG_BYTES) throw damaged();
  return parts;
};

const decipher = (key: Buffer, { nonce, ciphertext, tag }: SealedParts, recordId: string): string => {
  try {
    const opening = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(recordId)).setAuthTag(tag);
    return Buffer.concat([opening.update(ciphertext), opening.final()]).toString('utf8');
  } catch (thrown) {
    throw damaged(thrown);
  }
};

const wrongKey = (sealedWith: string, present: string): AppError =>
  new AppError(
    'secret-unreadable',
    `This secret was encrypted with another key (${sealedWith}; the current one is ${present}). Start with the former SWITCHYARD_SECRET_KEY or key file, or enter the secret again.`,
    { details: { keyId: sealedWith } },
  );

const damaged = (cause?: unknown): AppError =>
  new AppError('secret-unreadable', 'This stored secret is damaged or belongs to another record. Enter the secret again.', { cause });
