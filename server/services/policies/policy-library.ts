import type { PolicyContent } from '@switchyard/shared/contracts/policies.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { LRUCache } from 'lru-cache';
import type { MayKeepAnswer } from '../../models/chat-service.ts';
import { type CompiledRules, compileRules } from '../../redaction/rules.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { policies, policyContents } from '../../store/policy-collections.ts';
import type { Store, WorkspaceStore } from '../../store/port.ts';
import type { FoundCounts } from './found-counts.ts';
import { createRunRedactor, type RunRedactor } from './run-redactor.ts';
import type { RedactedRun } from './token-vault.ts';

/*
 * Data policies for runs (S65). Owns the compiled rules. A run uses the policy of its workflow at its start, found by its hash from then on,
 * so a later change doesn't affect it.
 */

/** A policy that does something to the values of a run. */
export interface PolicyInForce {
  readonly hash: string;
  readonly content: PolicyContent;
  readonly rules: CompiledRules;
  /** Its runs lose their payloads when they end. */
  readonly removesPayloads: boolean;
}

/** Hashes parts of requests under the installation’s key. */
export const requestHash =
  (secrets: Pick<Secrets, 'keyedHash'>) =>
  (value: string | Uint8Array): string =>
    secrets.keyedHash('request', value).toString('hex');

export type PolicyLibrary = ReturnType<typeof createPolicyLibrary>;

const MOST_POLICIES = 500;

export function createPolicyLibrary({ secrets, counts }: { readonly secrets: Pick<Secrets, 'keyedHash' | 'seal' | 'open'>; readonly counts: FoundCounts }) {
  const compiled = new LRUCache<string, PolicyInForce>({ max: MOST_POLICIES });

  const inForce = (hash: string, content: PolicyContent): PolicyInForce | undefined => {
    if (content.redaction.length === 0 && content.logging === 'full') return undefined;
    const known = compiled.get(hash);
    if (known) return known;
    const policy = { hash, content, rules: compileRules(content.redaction), removesPayloads: content.logging !== 'full' };
    compiled.set(hash, policy);
    return policy;
  };

  /** The policy that a run started with. */
  const byHash = async (store: WorkspaceStore, hash: string): Promise<PolicyInForce | undefined> => {
    const known = compiled.get(hash);
    if (known) return known;
    const record = await store.get(policyContents, hash);
    if (!record) throw new AppError('internal', `The data policy ${hash.slice(0, 12)}… is missing.`);
    return inForce(hash, record.content);
  };

  return {
    /** Whether values of runs with this policy may leave for elsewhere. False until the policy is loaded, which begins then. */
    mayLeave: (store: WorkspaceStore, hash: string): boolean => {
      const known = compiled.get(hash);
      if (!known) byHash(store, hash).catch(() => {});
      return known !== undefined && !known.removesPayloads;
    },
    /** The policy for the next run of a workflow. Undefined if values enter as they are. */
    ofWorkflow: async (store: WorkspaceStore, workflowId: string): Promise<PolicyInForce | undefined> => {
      const record = await store.get(policies, workflowId);
      return record && inForce(record.contentHash, record.content);
    },
    byHash,
    /** Whether answers of models may be cached: not for a run whose values are never kept (S61). */
    mayKeepAnswer:
      (stores: Store): MayKeepAnswer =>
      async ({ workspaceId, place }) =>
        place?.policy === undefined || (await byHash(stores.in(workspaceId), place.policy))?.content.logging !== 'metadata',
    /** Redacts what enters a run, and keeps its tokens. */
    redactor: (store: WorkspaceStore, rules: CompiledRules, run: RedactedRun): RunRedactor => createRunRedactor({ store, secrets, counts, rules, run }),
    /** A hash that reveals nothing of a value without the installation’s key. */
    keyedHash: requestHash(secrets),
    secrets,
    counts,
  };
}
