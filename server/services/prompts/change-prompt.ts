import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { type PromptRecord, prompts } from '../../store/registry-collections.ts';
import { actorOf } from '../caller.ts';
import { recordChange } from '../changes/record-change.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { newId } from '../ids.ts';
import type { SentContent } from './check-content.ts';
import { findPrompt, insertVersion, removeVersion, versionWith } from './prompt-versions.ts';

/*
 * Writes to the prompt registry (S50). Each is recorded with its author and reason (S68). Versions are inserted before the prompt points to
 * them, so an interrupted change leaves nothing behind that a run could use.
 */

interface NewPrompt {
  readonly name: string;
  readonly description: string;
  /** Version 1, and those that follow it. */
  readonly contents: readonly SentContent[];
  readonly note: string;
  readonly labels: readonly { readonly label: string; readonly version: number }[];
  readonly reason: string | undefined;
}

/** Creates a prompt with its first versions and labels. Throws `already-exists`. */
export async function insertPrompt(context: ServiceContext, { name, description, contents, note, labels, reason }: NewPrompt): Promise<PromptRecord> {
  const { store, workspaceId, caller } = context;
  const at = timestamp(context);
  const id = newId('prm', context.now());
  for (const [index, content] of contents.entries()) await insertVersion(context, { promptId: id, after: index, content, note });
  const record: PromptRecord = {
    id,
    workspaceId,
    name,
    description,
    latestVersion: contents.length,
    labels: sortedLabels(labels.map((label) => ({ ...label, at, actor: actorOf(caller), reason: reason ?? null }))),
    revision: 1,
    createdAt: at,
    updatedAt: at,
  };
  const change = {
    workspaceId,
    actor: actorOf(caller),
    subject: { kind: 'prompt', id: name },
    action: 'create',
    before: null,
    after: { version: record.latestVersion, ...(labels.length > 0 && { labels }) },
    reason,
    revision: 1,
  } as const;
  await recordChange(context, change, async () => {
    await store.insert(prompts, record);
    return record;
  }).catch((thrown) => {
    throw isAppError(thrown, 'already-exists')
      ? new AppError('already-exists', `A prompt named “${name}” already exists. Choose another name, or add a version to it.`, { details: thrown.details })
      : thrown;
  });
  context.changed.prompts(workspaceId);
  return record;
}

const sortedLabels = (labels: PromptRecord['labels']): PromptRecord['labels'] => [...labels].sort((one, two) => (one.label < two.label ? -1 : 1));

interface NewVersion {
  readonly content: SentContent;
  readonly note: string;
  readonly reason: string | undefined;
  readonly action: string;
}

/** Adds the next version. It has the number `latestVersion` of the returned prompt. */
export const addVersion = (context: ServiceContext, name: string, version: NewVersion): Promise<PromptRecord> =>
  changePrompt(context, name, (record) => nextVersion(context, record, version));

/** The version with this content: the latest that has it, or a new one. Of concurrent changes, only one adds it. */
export async function addNewContent(
  context: ServiceContext,
  name: string,
  version: NewVersion & { readonly hash: string },
): Promise<{ readonly prompt: PromptRecord; readonly version: number }> {
  let known: number | undefined;
  const prompt = await changePrompt(context, name, async (record) => {
    known = await versionWith(context, record, version.hash);
    return known === undefined ? nextVersion(context, record, version) : undefined;
  });
  return { prompt, version: known ?? prompt.latestVersion };
}

async function nextVersion(context: ServiceContext, record: PromptRecord, { content, note, reason, action }: NewVersion): Promise<PromptChange> {
  const number = await insertVersion(context, { promptId: record.id, after: record.latestVersion, content, note });
  const undo = () => removeVersion(context, record.id, number);
  return { action, reason, before: { version: record.latestVersion }, after: { version: number }, changes: { latestVersion: number }, undo };
}

/** Points a label to a version. With `onlyNew`, throws `already-exists` if there is such a label. */
export async function setPromptLabel(
  context: ServiceContext,
  name: string,
  label: string,
  { version, reason, onlyNew = false }: { version: number; reason?: string | undefined; onlyNew?: boolean },
): Promise<PromptRecord> {
  return changePrompt(context, name, async (record) => {
    if (version > record.latestVersion)
      throw new AppError('bad-request', `“${name}” has no version ${version}. The latest version is ${record.latestVersion}.`, {
        fields: [{ path: 'version', message: `must be at most ${record.latestVersion}` }],
      });
    const before = record.labels.find((known) => known.label === label)?.version ?? null;
    if (onlyNew && before !== null) throw new AppError('already-exists', `“${name}” already has a label “${label}”.`);
    const moved = { label, version, at: timestamp(context), actor: actorOf(context.caller), reason: reason ?? null };
    const labels = sortedLabels([...record.labels.filter((known) => known.label !== label), moved]);
    return { action: 'move-label', reason, before: { label, version: before }, after: { label, version }, changes: { labels } };
  });
}

interface PromptChange {
  readonly action: string;
  readonly reason: string | undefined;
  readonly before: unknown;
  readonly after: unknown;
  readonly changes: Partial<PromptRecord>;
  /** Called if the change was not made. */
  readonly undo?: () => Promise<void>;
}

/** Changes many prompts with a single announcement. */
export async function changingPrompts<T>(context: ServiceContext, change: (quiet: ServiceContext) => Promise<T>): Promise<T> {
  try {
    return await change({ ...context, changed: { ...context.changed, prompts: () => {} } });
  } finally {
    context.changed.prompts(context.workspaceId);
  }
}

const ATTEMPTS = 5;

/**
 * Changes a prompt by compare-and-set, and records the change. Reloads it if another change won. `intend` returns undefined to leave the
 * prompt unchanged.
 */
export async function changePrompt(
  context: ServiceContext,
  name: string,
  intend: (record: PromptRecord) => Promise<PromptChange | undefined>,
): Promise<PromptRecord> {
  const { store, workspaceId, caller } = context;
  for (let attempt = 1; ; attempt++) {
    const record = await findPrompt(context, name);
    const intended = await intend(record);
    if (!intended) return record;
    const { changes, undo, ...change } = intended;
    const revision = record.revision + 1;
    const apply = () => store.update(prompts, record.id, { ...changes, revision, updatedAt: timestamp(context) }, { equal: { revision: record.revision } });
    try {
      const prompt = await recordChange(context, { workspaceId, actor: actorOf(caller), subject: { kind: 'prompt', id: name }, ...change, revision }, apply);
      context.changed.prompts(workspaceId);
      return prompt;
    } catch (thrown) {
      if (!isAppError(thrown, 'revision-conflict')) throw thrown;
      await undo?.();
      if (attempt === ATTEMPTS) throw thrown;
    }
  }
}
