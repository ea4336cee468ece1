import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** A secret of 256 random bits, shown once. */
export const newSecretToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

/** The stored form. One round of SHA-256 is enough: 2^256 tokens can't be searched. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');
