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

export async function findPrompt({ store }: Pick<ServiceContext, 'store'>, name: string): Promise<PromptRecord> {
  const { items } = await store.find(prompts, { where: { name }, limit: 1 });
  if (items[0]) return items[0];
  throw new AppError('not-found', `Prompt “${name}” not found.`);
}

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
  const { messages, variables = { type: 'object', properties: {} }, outputSchema, parameters, variants = [] } = content;
  const kept = { messages, variables, ...(outputSchema && { outputSchema }), ...(parameters && { parameters }), variants };
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

/** Deletes a version that its prompt never pointed to. */
export const removeVersion = async ({ store }: ServiceContext, promptId: string, number: number): Promise<void> => {
  await store.delete(promptVersions, versionId(promptId, number));
};

export async function getPromptVersion(context: ServiceContext, name: string, number: number): Promise<PromptVersion> {
  return versionView(await versionRecordOf(context, await findPrompt(context, name), number));
}
