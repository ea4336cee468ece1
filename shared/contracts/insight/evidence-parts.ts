import { z } from 'zod';

/* What evidence of runs and daily heads have in common (S89). */

export const hash = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lowercase hex');

/** Ed25519 keys and signatures, base64url. */
export const encoded = z.string().max(100);

/** By the key with this number. */
export const signatureSchema = z.strictObject({ key: z.number().int(), value: encoded });
