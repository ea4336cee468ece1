import { z } from 'zod';
import { verbatimObject } from '../../json.ts';
import { contract, idParams, moment } from '../contract.ts';
import { reason } from '../prompts.ts';
import { dayProofSchema } from './daily-heads.ts';
import { encoded, hash, signatureSchema } from './evidence-parts.ts';

/* Evidence: what happened in a run, in a form in which any change can be found (S89). */

/** A public key of the installation. Keys are numbered from 1; the last one signs. */
const keySchema = z.strictObject({
  number: z.number().int().min(1),
  publicKey: encoded,
  createdAt: moment,
  /** The public key before it. Null for the first one. */
  previous: encoded.nullable(),
  /** Of these fields, by this key. */
  signature: encoded,
  /** Of the same, by the key before it. Null for the first one, and if that key couldn’t be used anymore. */
  endorsement: encoded.nullable(),
});
export type EvidenceKey = z.infer<typeof keySchema>;

const rowSchema = z.strictObject({
  /** The number of its first event. */
  seq: z.number().int().min(1),
  epoch: z.number().int(),
  /** After its payloads were removed, an event has their `commitment`. */
  events: z.array(verbatimObject).max(1_000_000),
  hash,
});
export type EvidenceRow = z.infer<typeof rowSchema>;

export const EVIDENCE_PROBLEMS = ['changed', 'missing', 'cut', 'unsigned', 'unknown-key', 'unreadable', 'removed', 'open', 'older', 'no-chain'] as const;
export const evidenceProblemSchema = z.strictObject({
  code: z.enum(EVIDENCE_PROBLEMS),
  /** What it concerns: an event, a row, the signature. */
  where: z.string().max(500),
  message: z.string().max(1_000),
});
export type EvidenceProblem = z.infer<typeof evidenceProblemSchema>;

/** A signature of the installation, with the keys to verify it. */
export const evidenceSignature = {
  /** By the key with this number. Null if the installation found a problem, and without a chain. */
  signature: signatureSchema.nullable(),
  /** The key of the signature, and the keys before it. */
  keys: z.array(keySchema).max(1_000),
};

/** A run as evidence. Its hashes are SHA-256 over JSON by RFC 8785, its commitments HMAC-SHA256 under the salt. */
export const evidenceSchema = z.strictObject({
  format: z.literal('switchyard/evidence@1'),
  runId: z.string().max(200),
  /** Null when all payloads were removed, and without a chain. */
  salt: z.string().max(100).nullable(),
  /** What the run started with. Null without a chain. */
  input: verbatimObject.nullable(),
  /** Null without a chain, and when the journal was removed. */
  journal: z.array(rowSchema).max(1_000_000).nullable(),
  /** The last event, and the hash of its row. Null without a chain. */
  head: z.strictObject({ seq: z.number().int(), hash, ended: z.boolean() }).nullable(),
  ...evidenceSignature,
  /** The daily head that the run is in, from the day after its end on. */
  day: dayProofSchema.optional(),
  /** What the installation found in its own records. */
  problems: z.array(evidenceProblemSchema).max(1_000),
});
export type Evidence = z.infer<typeof evidenceSchema>;

export const VERDICTS = ['valid', 'incomplete', 'invalid', 'no-chain'] as const;
const verificationSchema = z.object({ verdict: z.enum(VERDICTS), problems: z.array(evidenceProblemSchema) });
export type Verification = z.infer<typeof verificationSchema>;

const tag = 'Evidence';

export const getRunEvidence = contract({
  id: 'getRunEvidence',
  method: 'GET',
  path: '/api/runs/:id/evidence',
  scope: 'read',
  tag,
  summary: 'Get a run as evidence: its journal as a signed hash chain',
  params: idParams,
  reply: evidenceSchema,
  errors: ['not-found', 'secret-unreadable'],
});

export const verifyEvidence = contract({
  id: 'verifyEvidence',
  method: 'POST',
  path: '/api/evidence/verify',
  scope: 'read',
  tag,
  summary: 'Verify the evidence of a run: valid, incomplete (removed parts are named), invalid, or without a chain',
  body: verbatimObject,
  reply: verificationSchema,
  errors: ['bad-request'],
});

export const listEvidenceKeys = contract({
  id: 'listEvidenceKeys',
  method: 'GET',
  path: '/api/evidence/keys',
  scope: 'read',
  tag,
  summary: 'List the evidence signing keys, current one last',
  reply: z.object({ items: z.array(keySchema) }),
});

export const rotateEvidenceKey = contract({
  id: 'rotateEvidenceKey',
  method: 'POST',
  path: '/api/evidence/keys/rotate',
  scope: 'admin',
  tag,
  summary: 'Rotate the evidence signing key; the current key signs the new one, and existing evidence stays valid',
  body: z.strictObject({ reason }).optional(),
  reply: keySchema,
  statuses: [201],
  errors: ['revision-conflict'],
});
