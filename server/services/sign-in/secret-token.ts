import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** A secret of 256 random bits, to be told once. */
export const newSecretToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

/** What is kept of it. One round of SHA-256 is enough: nobody tries out 2^256 tokens. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');
