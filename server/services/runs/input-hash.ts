import { createHash } from 'node:crypto';
import { isBlobRef } from '@switchyard/shared/run/blob.ts';
import type { RunRecord } from '../../store/collections.ts';
import { staysInPlace } from '../../store/payloads.ts';
import type { ServiceContext } from '../context.ts';
import type { PolicyLibrary } from '../policies/policy-library.ts';
import { canonicalJson } from '../workflows/content-hash.ts';

/** Identifies an input by content (S67). Keyed, because a plain hash would let anyone check guesses of a removed input. */
export const inputHash = ({ keyedHash }: Pick<PolicyLibrary, 'keyedHash'>, body: unknown): string => keyedHash(contentOf(body));

/** A large input is identified by the hash that it is stored under. */
function contentOf(body: unknown): string {
  if (isBlobRef(body)) return body.$blob;
  return staysInPlace(body) ? canonicalJson(body ?? null) : createHash('sha256').update(JSON.stringify(body)).digest('hex');
}

/** The hash of a run’s input. Null if the run has none and its payloads are removed or encrypted. */
export function inputHashOf({ policies }: Pick<ServiceContext, 'policies'>, record: RunRecord): string | null {
  if (record.inputHash !== undefined) return record.inputHash;
  return record.payloadsRemovedAt === undefined && record.triggerData.sealed === undefined ? inputHash(policies, record.triggerData.body) : null;
}
