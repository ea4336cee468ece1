import type { PromptVersion } from '@switchyard/shared/contracts/prompts.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { readActor } from '@switchyard/shared/run/actor.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { type PromptRecord, type PromptVersionRecord, prompts, promptVersions } from '../../store/registry-collections.ts';
import { actorOf } from '../caller.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { contentHash } from '../workflows/content-hash.ts';
import type { SentContent } from './check-content.ts';

export const versionView = ({ id: _id, workspaceId: _workspace, promptId: _prompt, actor, ...version }: PromptVersionRecord): PromptVersion => ({
  ...version,
  actor: readActor(actor),
});

/** Undefined if there is none of this name. */
export const promptNamed = async ({ store }: Pick<ServiceContext, 'store'>, name: string): Promise<PromptRecord | undefined> =>
  (await store.find(prompts, { where: { name }, limit: 1 })).items[0];

export async function findPrompt(context: Pick<ServiceContext, 'store'>, name: string): Promise<PromptRecord> {
  const found = await promptNamed(context, name);
  if (found) return found;
  throw new AppError('not-found', `Prompt “${name}” not found.`);
}

/** The content of a version as it is stored. */
const keptContent = ({ messages, variables = { type: 'object', properties: {} }, outputSchema, parameters, variants = [], markData }: SentContent) => ({
  messages,
  variables,
  ...(outputSchema && { outputSchema }),
  ...(parameters && { parameters }),
  variants,
  ...(markData && { markData }),
});

/** The hash of a version with this content. */
export const promptHash = (content: SentContent): string => contentHash(keptContent(content));

const versionId = (promptId: string, number: number): string => `${promptId}:${number}`;

/** Loads a version. Throws `not-found`. */
export async function versionRecordOf(
  { store }: Pick<ServiceContext, 'store'>,
  prompt: Pick<PromptRecord, 'id' | 'name'>,
  number: number,
): Promise<PromptVersionRecord> {
  const found = await store.get(promptVersions, versionId(prompt.id, number));
  if (found) return found;
  throw new AppError('not-found', `“${prompt.name}” has no version ${number}.`);
}

interface NewVersion {
  readonly promptId: string;
  /** The number of the version before it. */
  readonly after: number;
  readonly content: SentContent;
  readonly note: string;
}

/** Inserts a version under the next free number, and returns it. A number may be taken by a change in progress or an interrupted one. */
export async function insertVersion(context: ServiceContext, { promptId, after, content, note }: NewVersion): Promise<number> {
  const kept = keptContent(content);
  const more = {
    workspaceId: context.workspaceId,
    promptId,
    contentHash: contentHash(kept),
    note,
    createdAt: timestamp(context),
    actor: actorOf(context.caller),
  };
  for (let number = after + 1; ; number++) {
    if (await insertIfAbsent(context.store, promptVersions, { id: versionId(promptId, number), number, ...kept, ...more })) return number;
  }
}

/** The latest version of a prompt with this content. */
export async function versionWith({ store }: Pick<ServiceContext, 'store'>, prompt: PromptRecord, hash: string): Promise<number | undefined> {
  const { items } = await store.find(promptVersions, { where: { promptId: prompt.id, contentHash: hash }, limit: 1_000 });
  // A version that its prompt doesn't point to yet may still be removed.
  const numbers = items.map(({ number }) => number).filter((number) => number <= prompt.latestVersion);
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

/** Deletes a version that its prompt never pointed to. */
export const removeVersion = async ({ store }: ServiceContext, promptId: string, number: number): Promise<void> => {
  await store.delete(promptVersions, versionId(promptId, number));
};

export async function getPromptVersion(context: ServiceContext, name: string, number: number): Promise<PromptVersion> {
  return versionView(await versionRecordOf(context, await findPrompt(context, name), number));
}
