import { z } from 'zod';
import { base, declare } from '../declare-collection.ts';

/** A key pair that signs evidence (S89). Its ID is `key-<number>`; the one with the highest number signs. Never changed. */
const signingKeyRecord = z.object({
  ...base,
  number: z.number(),
  publicKey: z.string(),
  createdAt: z.string(),
  previous: z.string().nullable(),
  signature: z.string(),
  endorsement: z.string().nullable(),
  /** The private key, encrypted for this record. */
  sealedSecret: z.string(),
});
export type SigningKeyRecord = z.infer<typeof signingKeyRecord>;
export const signingKeys = declare<SigningKeyRecord>({ name: 'signing_keys', schema: signingKeyRecord, indexes: [{ name: 'number', fields: ['number'] }] });

/** Fields of a run that its evidence needs (S89). Missing in older records. */
export const evidenceRunFields = {
  /** The salt of the commitments in its hash chain, until its payloads are removed. */
  salt: z.string().optional(),
  /** The remains of its chain: the commitment to its input, once its payloads are removed, and the end, once its journal is. */
  evidence: z.object({ input: z.string(), end: z.object({ seq: z.number(), hash: z.string() }).optional(), seal: z.string() }).optional(),
};
