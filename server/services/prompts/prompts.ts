import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import type * as contracts from '@switchyard/shared/contracts/prompts.ts';
import type { Prompt, PromptVersion, PromptWithVersions } from '@switchyard/shared/contracts/prompts.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { readActor } from '@switchyard/shared/run/actor.ts';
import type { Page } from '../../store/port.ts';
import { type PromptRecord, prompts, promptVersions } from '../../store/registry-collections.ts';
import { actorOf } from '../caller.ts';
import { recordChange } from '../changes/record-change.ts';
import type { ServiceContext } from '../context.ts';
import { inUse, quotedNames } from '../in-use.ts';
import { addVersion, changePrompt, insertPrompt, setPromptLabel } from './change-prompt.ts';
import { checkPromptContent } from './check-content.ts';
import { promptUsage } from './prompt-usage.ts';
import { findPrompt, versionRecordOf, versionView } from './prompt-versions.ts';

/* Use cases of the prompt registry (S50). Every change is recorded with its author and reason (S68). */

const LISTED_VERSIONS = 200;

export const promptView = ({ name, description, latestVersion, labels, createdAt, updatedAt }: PromptRecord): Prompt => ({
  name,
  description,
  latestVersion,
  labels: labels.map(({ actor, ...label }) => ({ ...label, actor: readActor(actor) })),
  createdAt,
  updatedAt,
});

export async function listPrompts(
  { store }: ServiceContext,
  wanted: { limit: number; cursor?: string | undefined; search?: string | undefined },
): Promise<Page<Prompt>> {
  const { limit, cursor, search } = wanted;
  const page = await store.find(prompts, {
    order: { field: 'name' },
    limit,
    ...(cursor !== undefined && { cursor }),
    ...(search !== undefined && search !== '' && { search }),
  });
  return { ...page, items: page.items.map(promptView) };
}

export async function getPrompt(context: ServiceContext, name: string): Promise<PromptWithVersions> {
  const record = await findPrompt(context, name);
  const { items } = await context.store.find(promptVersions, {
    where: { promptId: record.id },
    order: { field: 'number', descending: true },
    limit: LISTED_VERSIONS,
  });
  const versions = items.map(versionView).map(({ number, contentHash, note, createdAt, actor }) => ({ number, contentHash, note, createdAt, actor }));
  return { ...promptView(record), versions, usedBy: await promptUsage(context.store, name) };
}

export async function createPrompt(context: ServiceContext, body: BodyOf<typeof contracts.createPrompt>): Promise<PromptWithVersions> {
  const { name, description = '', note = '', reason, ...content } = body;
  checkPromptContent(content);
  await insertPrompt(context, { name, description, contents: [content], note, labels: [], reason });
  return getPrompt(context, name);
}

export async function createPromptVersion(context: ServiceContext, name: string, body: BodyOf<typeof contracts.createPromptVersion>): Promise<PromptVersion> {
  const { note = '', reason, ...content } = body;
  checkPromptContent(content);
  return addedVersion(context, await addVersion(context, name, { content, note, reason, action: 'create-version' }));
}

/** Makes an earlier version the newest. */
export async function restorePromptVersion(context: ServiceContext, name: string, number: number, reason: string | undefined): Promise<PromptVersion> {
  const earlier = await versionRecordOf(context, await findPrompt(context, name), number);
  const { messages, variables, outputSchema, parameters, variants, markData } = earlier;
  const content = { messages, variables, outputSchema, parameters, variants, markData };
  checkPromptContent(content);
  return addedVersion(context, await addVersion(context, name, { content, note: `Restores version ${number}`, reason, action: 'restore' }));
}

const addedVersion = async (context: ServiceContext, prompt: PromptRecord): Promise<PromptVersion> =>
  versionView(await versionRecordOf(context, prompt, prompt.latestVersion));

export const movePromptLabel = async (
  context: ServiceContext,
  name: string,
  label: string,
  to: { version: number; reason?: string | undefined },
): Promise<Prompt> => promptView(await setPromptLabel(context, name, label, to));

export async function deletePromptLabel(context: ServiceContext, name: string, label: string, reason: string | undefined): Promise<Prompt> {
  const prompt = await changePrompt(context, name, async (record) => {
    const known = record.labels.find((one) => one.label === label);
    if (!known) throw new AppError('not-found', `“${name}” has no label “${label}”.`);
    await refuseInUse(context, `The label “${name}@${label}”`, name, (ref) => ref.label === label);
    const labels = record.labels.filter((one) => one.label !== label);
    return { action: 'delete-label', reason, before: { label, version: known.version }, after: null, changes: { labels } };
  });
  return promptView(prompt);
}

/** Deletes a prompt that nothing uses. Its versions stay, because runs refer to them. */
export async function deletePrompt(context: ServiceContext, name: string, reason: string | undefined): Promise<Prompt> {
  const { store, workspaceId, caller } = context;
  const record = await findPrompt(context, name);
  await refuseInUse(context, `The prompt “${name}”`, name);
  const view = promptView(record);
  const change = { workspaceId, actor: actorOf(caller), subject: { kind: 'prompt', id: name }, action: 'delete', before: view, after: null, reason } as const;
  await recordChange(context, { ...change, revision: record.revision + 1 }, async () => ((await store.delete(prompts, record.id)) ? record : undefined));
  context.changed.prompts(workspaceId);
  return view;
}

async function refuseInUse({ store }: ServiceContext, what: string, name: string, matches?: Parameters<typeof promptUsage>[2]): Promise<void> {
  const users = await promptUsage(store, name, matches);
  if (users.length === 0) return;
  throw inUse(`${what} is used by ${quotedNames(users.map((user) => user.name))}. Change these workflows first.`, { usedBy: users });
}
