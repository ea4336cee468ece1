import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { ProviderAnswer, ProviderRequest } from '../provider.ts';

/*
 * Answers of models, for routes with a cache (S61). In memory only: nothing is on disk, and a restart forgets them. An answer is returned
 * for the same workspace, route, connection, model, messages, parameters, and schema. The answers used longest ago give way.
 */

/** Characters of all answers, and of a single one. */
const MOST = 16_000_000;
const LONGEST = 1_000_000;
/** Counted for each entry besides its text. */
const OVERHEAD = 500;

export interface CachedCall {
  readonly workspaceId: string;
  readonly route: string;
  readonly connectionId: string;
  readonly request: ProviderRequest;
}

export interface AnswerCache {
  get(call: CachedCall): ProviderAnswer | undefined;
  keep(call: CachedCall, answer: ProviderAnswer, ttlMs: number): void;
}

export function createAnswerCache(elapsed: () => number): AnswerCache {
  const answers = new LRUCache<string, ProviderAnswer>({
    maxSize: MOST,
    maxEntrySize: LONGEST,
    sizeCalculation: (answer) => OVERHEAD + JSON.stringify(answer).length,
    ttlAutopurge: false,
    ttlResolution: 0,
    perf: { now: elapsed },
  });
  return {
    get: (call) => answers.get(keyOf(call)),
    keep: (call, answer, ttl) => void answers.set(keyOf(call), answer, { ttl }),
  };
}

/** Requests are built in one place, so equal ones have their fields in the same order. */
const keyOf = ({ workspaceId, route, connectionId, request }: CachedCall): string =>
  hash('sha256', JSON.stringify([workspaceId, route, connectionId, request]));
