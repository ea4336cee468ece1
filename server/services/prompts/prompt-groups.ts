import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { type IncludedPrompt, orderedPrompt } from '@switchyard/shared/sharing/included.ts';
import type { PromptRecord } from '../../store/registry-collections.ts';
import { ownTurn } from '../../turns.ts';
import type { ServiceContext } from '../context.ts';
import { setPromptLabel } from './change-prompt.ts';
import { checkPromptContent, type SentContent } from './check-content.ts';
import { promptHash, promptNamed, versionRecordOf } from './prompt-versions.ts';

/* Shared by imports of prompts with a workflow and imports of a registry file (S53a). */

/** Prompts of a file that are added at the same time. */
export const IMPORTED_AT_ONCE = 100;

interface Entry {
  readonly prompt: IncludedPrompt;
  readonly hash: string;
}

/** The prompts of a file that have one name. */
export interface PromptGroup {
  readonly name: string;
  readonly description: string;
  /** Each content once, in the order of the file. */
  readonly contents: readonly { readonly hash: string; readonly content: SentContent }[];
  readonly entries: readonly Entry[];
}

const contentOf = ({ messages, variables, outputSchema, parameters, variants, markData }: IncludedPrompt): SentContent => ({
  messages,
  variables,
  outputSchema,
  parameters,
  variants,
  markData,
});

interface OpenGroup {
  readonly name: string;
  description: string;
  readonly contents: Map<string, SentContent>;
  readonly entries: Entry[];
}

/** Throws `bad-request` with the path of each invalid template or schema. */
export async function checkPrompts(prompts: readonly IncludedPrompt[]): Promise<void> {
  for (const [index, prompt] of prompts.entries()) {
    await ownTurn();
    checkAt(`prompts.${index}`, contentOf(prompt));
  }
}

/** The prompts of a file by name. */
export async function promptGroups(prompts: readonly IncludedPrompt[]): Promise<PromptGroup[]> {
  const groups = new Map<string, OpenGroup>();
  for (const prompt of prompts) {
    await ownTurn();
    const content = contentOf(prompt);
    const hash = promptHash(content);
    const group: OpenGroup = groups.get(prompt.name) ?? { name: prompt.name, description: '', contents: new Map(), entries: [] };
    group.description ||= prompt.description ?? '';
    if (!group.contents.has(hash)) group.contents.set(hash, content);
    group.entries.push({ prompt, hash });
    groups.set(prompt.name, group);
  }
  return [...groups.values()].map((group) => ({ ...group, contents: [...group.contents].map(([hash, content]) => ({ hash, content })) }));
}

function checkAt(path: string, content: SentContent): void {
  try {
    checkPromptContent(content);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const fields = thrown.fields.map((field) => ({ ...field, path: `${path}.${field.path}` }));
    throw new AppError(thrown.code, `Invalid prompt: ${fields.map((field) => `${field.path} ${field.message}`).join('; ')}. Nothing was imported.`, { fields });
  }
}

/** The labels of a group, with the number of the version that each points to in a new prompt. */
export const labelsOf = ({ contents, entries }: PromptGroup): { label: string; version: number }[] =>
  entries.flatMap(({ prompt: { label }, hash }) => (label === undefined ? [] : [{ label, version: contents.findIndex((one) => one.hash === hash) + 1 }]));

/** Where a label points after an import: to the content of the file, or still to what it pointed to here. */
type LabelPlace = { readonly kind: 'same' } | { readonly kind: 'elsewhere'; readonly version: number };

/** Adds a label that points to `version`, which has the content `hash`. A label that exists never moves (S53a). */
export async function placeLabel(
  context: ServiceContext,
  prompt: PromptRecord,
  { label, version, hash, reason }: { label: string; version: number; hash: string; reason: string },
): Promise<LabelPlace> {
  const placed = prompt.labels.find((known) => known.label === label);
  if (placed) {
    const current = await versionRecordOf(context, prompt, placed.version);
    return current.contentHash === hash ? { kind: 'same' } : { kind: 'elsewhere', version: placed.version };
  }
  try {
    await setPromptLabel(context, prompt.name, label, { version, reason, onlyNew: true });
    return { kind: 'same' };
  } catch (thrown) {
    if (!isAppError(thrown, 'already-exists')) throw thrown;
    const now = await promptNamed(context, prompt.name);
    if (!now) throw thrown;
    return placeLabel(context, now, { label, version, hash, reason });
  }
}

/** Characters of prompts that a file or a template can have: it must be small enough to be imported again. */
const MOST_CHARACTERS = 8_000_000;

/** Adds up the size of the prompts of a file. Throws `too-large` once they are too large for one file. */
export function promptCounter(): (prompt: IncludedPrompt) => void {
  let characters = 0;
  return (prompt) => {
    characters += JSON.stringify(orderedPrompt(prompt)).length;
    if (characters <= MOST_CHARACTERS) return;
    throw new AppError(
      'too-large',
      `These prompts are larger than ${MOST_CHARACTERS / 1_000_000} MB together, which is too large for one file. Delete unused prompts.`,
    );
  };
}
