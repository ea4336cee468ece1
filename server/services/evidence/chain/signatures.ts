import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import type { EvidenceKey } from '@switchyard/shared/contracts/insight/evidence.ts';
import { canonical } from './canonical.ts';

/*
 * Ed25519 signatures (RFC 8032) over canonical JSON. Keys and signatures are base64url text that is accepted only in its one canonical form, so
 * that no character of it can be changed unnoticed.
 */

/** A new key pair. `secret` is PKCS #8. */
export function newKeyPair(): { readonly publicKey: string; readonly secret: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { publicKey: publicKey.export({ format: 'jwk' }).x ?? '', secret: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64url') };
}

export const signWith = (secret: string, statement: object): string => {
  const key = createPrivateKey({ key: Buffer.from(secret, 'base64url'), type: 'pkcs8', format: 'der' });
  return sign(null, Buffer.from(canonical(statement)), key).toString('base64url');
};

export const isSignedBy = (publicKey: string, statement: object, signature: string): boolean => {
  const key = publicKeyOf(publicKey);
  const bytes = bytesOf(signature);
  return key !== undefined && bytes !== undefined && verify(null, Buffer.from(canonical(statement)), key, bytes);
};

function publicKeyOf(text: string): KeyObject | undefined {
  if (bytesOf(text)?.length !== 32) return undefined;
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: text }, format: 'jwk' });
  } catch {
    return undefined;
  }
}

function bytesOf(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

/** What a key says about itself, and what the key before it confirms. */
export const keyStatement = ({ number, publicKey, createdAt, previous }: Omit<EvidenceKey, 'signature' | 'endorsement'>): object => ({
  format: 'switchyard/evidence-key@1',
  number,
  publicKey,
  createdAt,
  previous,
});
