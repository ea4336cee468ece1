import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { importPrompts as importContract } from '@switchyard/shared/contracts/prompt-files.ts';
import { isAppError } from '@switchyard/shared/errors.ts';
import { cleanIncluded } from '@switchyard/shared/sharing/clean-graph.ts';
import type { IncludedPrompt } from '@switchyard/shared/sharing/included.ts';
import { type FiledPrompt, readPromptFile, writePromptFile } from '@switchyard/shared/sharing/prompt-file.ts';
import { type PromptRecord, prompts } from '../../store/registry-collections.ts';
import { ownTurn } from '../../turns.ts';
import { atOnce } from '../at-once.ts';
import type { ServiceContext } from '../context.ts';
import { addNewContent, changingPrompts, insertPrompt } from './change-prompt.ts';
import { includedPrompt } from './included-prompts.ts';
import { checkPrompts, IMPORTED_AT_ONCE, labelsOf, type PromptGroup, placeLabel, promptCounter, promptGroups } from './prompt-groups.ts';
import { findPrompt, promptNamed, versionRecordOf } from './prompt-versions.ts';

/*
 * The prompt registry, out to a file and in from one. A file has the latest version of each prompt and those with labels, because git keeps
 * the history. An import only adds: new content becomes the next version, and existing labels never move.
 */

const PAGE = 50;

/** All prompts as one file. Throws `too-large`. */
export async function exportPrompts(context: ServiceContext): Promise<string> {
  const filed: FiledPrompt[] = [];
  const count = promptCounter();
  let cursor: string | undefined;
  do {
    await ownTurn();
    const page = await context.store.find(prompts, { order: { field: 'name' }, limit: PAGE, ...(cursor !== undefined && { cursor }) });
    for (const prompt of page.items) {
      const versions = await versionsInUse(context, prompt);
      for (const version of versions) count(version);
      filed.push(...versions);
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return writePromptFile(filed);
}

/** The latest version and those with labels, each content once, in the order of their numbers. */
async function versionsInUse(context: ServiceContext, prompt: PromptRecord): Promise<FiledPrompt[]> {
  const numbers = new Set([...prompt.labels.map(({ version }) => version), prompt.latestVersion]);
  const byHash = new Map<string, { readonly prompt: IncludedPrompt; readonly labels: string[] }>();
  for (const number of [...numbers].sort((one, two) => one - two)) {
    const version = await versionRecordOf(context, prompt, number);
    const earlier = byHash.get(version.contentHash)?.labels ?? [];
    const labels = prompt.labels.filter((label) => label.version === number).map(({ label }) => label);
    // Deleted first, so the content of the latest version is the last one.
    byHash.delete(version.contentHash);
    byHash.set(version.contentHash, { prompt: includedPrompt(prompt, version, {}), labels: [...earlier, ...labels].sort() });
  }
  const versions = [...byHash.values()];
  const cleaned = cleanIncluded({ prompts: versions.map((version) => version.prompt) }).prompts ?? [];
  return cleaned.map((version, index) => ({ ...version, labels: versions[index]?.labels ?? [] }));
}

type ImportedPrompts = ReplyOf<typeof importContract>;

/** Adds the prompts of a file. Throws `bad-request` before anything is added. */
export async function importPrompts(context: ServiceContext, sent: unknown, reason = 'Imported from a file'): Promise<ImportedPrompts> {
  const filed = readPromptFile(sent);
  await checkPrompts(filed);
  const entries = filed.flatMap(({ labels, ...prompt }) => (labels.length === 0 ? [prompt] : labels.map((label) => ({ ...prompt, label }))));
  const groups = await promptGroups(entries);
  const merged = await changingPrompts(context, (quiet) =>
    atOnce(IMPORTED_AT_ONCE, groups, async (group) => {
      await ownTurn();
      const notes: string[] = [];
      const outcome = (await createdFrom(quiet, group, reason)) ? 'created' : await mergedFrom(quiet, group, { reason, notes });
      return { name: group.name, outcome, notes };
    }),
  );
  const named = (wanted: string): string[] => merged.flatMap(({ name, outcome }) => (outcome === wanted ? [name] : []));
  return { created: named('created'), updated: named('updated'), unchanged: named('unchanged'), notes: merged.flatMap(({ notes }) => notes) };
}

/** Whether the prompt was created. */
async function createdFrom(context: ServiceContext, group: PromptGroup, reason: string): Promise<boolean> {
  const { name, description, contents } = group;
  if (await promptNamed(context, name)) return false;
  try {
    await insertPrompt(context, { name, description, contents: contents.map(({ content }) => content), note: reason, labels: labelsOf(group), reason });
    return true;
  } catch (thrown) {
    if (isAppError(thrown, 'already-exists')) return false;
    throw thrown;
  }
}

interface Merging {
  readonly reason: string;
  readonly notes: string[];
}

/** Adds what is new in the file to a prompt that exists. */
async function mergedFrom(context: ServiceContext, { name, contents, entries }: PromptGroup, { reason, notes }: Merging): Promise<'updated' | 'unchanged'> {
  let prompt = await findPrompt(context, name);
  const before = prompt.revision;
  const versions = new Map<string, number>();
  for (const { hash, content } of contents) {
    const added = await addNewContent(context, name, { hash, content, note: reason, reason, action: 'create-version' });
    prompt = added.prompt;
    versions.set(hash, added.version);
  }
  for (const { prompt: entry, hash } of entries) {
    const { label } = entry;
    if (label === undefined) continue;
    const version = versions.get(hash) ?? 1;
    const place = await placeLabel(context, prompt, { label, version, hash, reason });
    if (place.kind === 'elsewhere')
      notes.push(`“${name}@${label}” stays at version ${place.version}. Version ${version} has the content of the file: promote it to use it.`);
  }
  return (await findPrompt(context, name)).revision === before ? 'unchanged' : 'updated';
}
