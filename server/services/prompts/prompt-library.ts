import { AppError } from '@switchyard/shared/errors.ts';
import type { PromptContent } from '@switchyard/shared/model/prompt.ts';
import type { PromptRef, ResolvedPrompt } from '@switchyard/shared/model/prompt-ref.ts';
import { LRUCache } from 'lru-cache';
import type { Bus } from '../../engine/bus.ts';
import type { Store } from '../../store/port.ts';
import { type PromptRecord, type PromptVersionRecord, prompts, promptVersions } from '../../store/registry-collections.ts';

/*
 * Prompts for runs. Owns the caches. Labels may move at any time, so a prompt is read again after a change, and after 5 s in any case
 * (S42). Versions never change.
 */

const FRESH_MS = 5_000;
const MOST_PROMPTS = 5_000;
/** Characters of cached versions. */
const MOST_CONTENT = 8_000_000;

export interface PromptLibrary {
  /** The current versions of references. Omits those that don't exist. */
  resolve(workspaceId: string, refs: readonly PromptRef[]): Promise<ResolvedPrompt[]>;
  /** Throws `prompt-not-found` if there is no version with this content. */
  content(workspaceId: string, contentHash: string): Promise<PromptContent>;
}

export function createPromptLibrary({ stores, bus, elapsed }: { readonly stores: Store; readonly bus: Bus; readonly elapsed: () => number }): PromptLibrary {
  const found = new LRUCache<string, { readonly prompt: PromptRecord | undefined; readonly at: number }>({ max: MOST_PROMPTS });
  const versions = new LRUCache<string, PromptVersionRecord>({ maxSize: MOST_CONTENT, sizeCalculation: (version) => JSON.stringify(version).length });
  bus.subscribe((message) => {
    if (message.kind === 'missed' || (message.kind === 'invalidate' && message.what === 'prompts')) found.clear();
  });

  const promptOf = async (workspaceId: string, name: string): Promise<PromptRecord | undefined> => {
    const key = `${workspaceId} ${name}`;
    const known = found.get(key);
    if (known && elapsed() - known.at < FRESH_MS) return known.prompt;
    const at = elapsed();
    const { items } = await stores.in(workspaceId).find(prompts, { where: { name }, limit: 1 });
    found.set(key, { prompt: items[0], at });
    return items[0];
  };

  const versionOf = async (workspaceId: string, promptId: string, number: number): Promise<PromptVersionRecord | undefined> => {
    const id = `${promptId}:${number}`;
    const version = versions.get(id) ?? (await stores.in(workspaceId).get(promptVersions, id));
    if (version) keep(id, version);
    return version;
  };

  const keep = (id: string, version: PromptVersionRecord): void => {
    versions.set(id, version);
    versions.set(version.contentHash, version);
  };

  const resolveOne = async (workspaceId: string, ref: PromptRef): Promise<ResolvedPrompt[]> => {
    const prompt = await promptOf(workspaceId, ref.name);
    const number = ref.label === undefined ? ref.version : prompt?.labels.find(({ label }) => label === ref.label)?.version;
    const version = prompt && number !== undefined ? await versionOf(workspaceId, prompt.id, number) : undefined;
    if (!version) return [];
    return [{ name: ref.name, ...(ref.label !== undefined && { label: ref.label }), version: version.number, contentHash: version.contentHash }];
  };

  return {
    resolve: async (workspaceId, refs) => (await Promise.all(refs.map((ref) => resolveOne(workspaceId, ref)))).flat(),
    content: async (workspaceId, contentHash) => {
      const known = versions.get(contentHash) ?? (await stores.in(workspaceId).find(promptVersions, { where: { contentHash }, limit: 1 })).items[0];
      if (!known) throw new AppError('prompt-not-found', 'The version of the prompt that this run uses was removed.');
      keep(known.id, known);
      return known;
    },
  };
}
