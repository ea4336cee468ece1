import { isAppError } from '@switchyard/shared/errors.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { type PromptRef, promptRefsOf, promptRefText } from '@switchyard/shared/model/prompt-ref.ts';
import { type IncludedPrompt, withPromptRefs } from '@switchyard/shared/sharing/included.ts';
import { type PromptRecord, type PromptVersionRecord, promptVersions } from '../../store/registry-collections.ts';
import { ownTurn } from '../../turns.ts';
import { atOnce } from '../at-once.ts';
import type { ServiceContext } from '../context.ts';
import { changingPrompts, insertPrompt } from './change-prompt.ts';
import { IMPORTED_AT_ONCE, labelsOf, type PromptGroup, placeLabel, promptCounter } from './prompt-groups.ts';
import { promptNamed, versionWith } from './prompt-versions.ts';

/*
 * The prompts of a workflow, out to a file and in from one (S53a). Invariants: 1. A file has each prompt as it is now, without history. 2.
 * An import never changes what an existing prompt, version, or label means: different content gets another name. 3. Exporting an import gives
 * the same prompts and references if no name was taken.
 */

interface WithPrompts {
  readonly graph: Graph;
  readonly prompts: IncludedPrompt[];
}

interface Resolved {
  readonly ref: PromptRef;
  readonly version: PromptVersionRecord;
}

/**
 * The prompts that a graph names. Version numbers count from 1, in the graph as well, because an import can’t keep the numbers of its
 * origin. References to missing prompts stay.
 */
export async function promptsOfGraph(context: Pick<ServiceContext, 'store'>, graph: Graph): Promise<WithPrompts> {
  const byName = new Map<string, PromptRef[]>();
  for (const ref of promptRefsOf(graph.nodes.map(({ data }) => data))) byName.set(ref.name, [...(byName.get(ref.name) ?? []), ref]);
  const prompts = new Map<string, IncludedPrompt>();
  const count = promptCounter();
  const numbers = new Map<string, number>();
  for (const name of [...byName.keys()].sort()) {
    const prompt = await promptNamed(context, name);
    if (!prompt) continue;
    const resolved = await resolve(context, prompt, byName.get(name) ?? []);
    const hashes = [...new Set(resolved.map(({ version }) => version.contentHash))];
    for (const { ref, version } of resolved) {
      const number = hashes.indexOf(version.contentHash) + 1;
      if (ref.version !== undefined) numbers.set(promptRefText(ref), number);
      const included = includedPrompt(prompt, version, ref.label === undefined ? { version: number } : { label: ref.label });
      count(included);
      prompts.set(promptRefText(included), included);
    }
  }
  return { prompts: [...prompts.values()], graph: withPromptRefs(graph, (ref) => renumbered(ref, numbers.get(promptRefText(ref)))) };
}

const renumbered = ({ name, version }: PromptRef, number: number | undefined): PromptRef | undefined =>
  number === undefined || number === version ? undefined : { name, version: number };

/** The versions that references lead to, by number, then label. */
async function resolve({ store }: Pick<ServiceContext, 'store'>, prompt: PromptRecord, refs: readonly PromptRef[]): Promise<Resolved[]> {
  const found: Resolved[] = [];
  for (const ref of refs) {
    const number = ref.label === undefined ? ref.version : prompt.labels.find(({ label }) => label === ref.label)?.version;
    const version = number !== undefined && number <= prompt.latestVersion ? await store.get(promptVersions, `${prompt.id}:${number}`) : undefined;
    if (version) found.push({ ref, version });
  }
  return found.sort((one, two) => one.version.number - two.version.number || (promptRefText(one.ref) < promptRefText(two.ref) ? -1 : 1));
}

/** A version as a file has it. */
export function includedPrompt(
  { name, description }: PromptRecord,
  { messages, variables, outputSchema, parameters, variants, markData }: PromptVersionRecord,
  which: Pick<IncludedPrompt, 'label' | 'version'>,
): IncludedPrompt {
  return { name, ...(description !== '' && { description }), ...which, messages, variables, outputSchema, parameters, variants, markData };
}

/**
 * Puts the prompts of an imported workflow into the registry. Returns how its references are written here (`promptRefText` of a reference
 * in the file → reference here), and a note for each that differs.
 */
export async function placePrompts(
  context: ServiceContext,
  groups: readonly PromptGroup[],
  reason: string,
): Promise<{ readonly refs: ReadonlyMap<string, PromptRef>; readonly notes: string[] }> {
  const placed = await changingPrompts(context, (quiet) => placeAll(quiet, groups, reason));
  return { refs: new Map(placed.flatMap(({ refs }) => refs)), notes: placed.flatMap(({ notes }) => notes) };
}

interface References {
  /** `promptRefText` of each reference in the file, and the reference here. */
  readonly refs: readonly (readonly [string, PromptRef])[];
  readonly notes: readonly string[];
}

/** Names in the file come first, so no other prompt of the file is renamed to one of them. */
async function placeAll(context: ServiceContext, groups: readonly PromptGroup[], reason: string): Promise<References[]> {
  const named = await atOnce(IMPORTED_AT_ONCE, groups, async (group) => {
    await ownTurn();
    return placeUnder(context, group, { name: group.name, reason });
  });
  return atOnce(IMPORTED_AT_ONCE, groups, async (group, index) => {
    await ownTurn();
    return placeEntries(context, group, named[index] ?? (await placeNumbered(context, group, reason)), reason);
  });
}

async function placeEntries(context: ServiceContext, { name, entries }: PromptGroup, { prompt, versions }: Placed, reason: string): Promise<References> {
  const refs: [string, PromptRef][] = [];
  const notes: string[] = [];
  if (prompt.name !== name) notes.push(`Prompt “${name}” has different content here. The imported one is now “${prompt.name}”.`);
  for (const { prompt: entry, hash } of entries) {
    const version = versions.get(hash) ?? 1;
    const { label } = entry;
    const place = label === undefined ? undefined : await placeLabel(context, prompt, { label, version, hash, reason });
    refs.push([promptRefText(entry), { name: prompt.name, ...(place?.kind === 'same' && label !== undefined ? { label } : { version }) }]);
    if (place?.kind === 'elsewhere')
      notes.push(
        `“${prompt.name}@${label}” is version ${place.version} here, with different content. The copy uses version ${version}, which has the imported content.`,
      );
  }
  return { refs, notes };
}

interface Placed {
  readonly prompt: PromptRecord;
  /** The version of each content. */
  readonly versions: ReadonlyMap<string, number>;
}

interface Place {
  readonly name: string;
  readonly reason: string;
}

/** The prompt of a group under this name: one here with its contents, or else a new one. Undefined if other content has the name. */
const placeUnder = async (context: ServiceContext, group: PromptGroup, place: Place): Promise<Placed | undefined> =>
  (await placeNew(context, group, place)) ?? (await placeOn(context, group, place.name));

async function placeNumbered(context: ServiceContext, group: PromptGroup, reason: string): Promise<Placed> {
  for (let number = 2; ; number++) {
    const placed = await placeUnder(context, group, { name: numberedName(group.name, number), reason });
    if (placed) return placed;
  }
}

const LONGEST_NAME = 60;

function numberedName(name: string, number: number): string {
  const suffix = `-${number}`;
  return `${name.slice(0, LONGEST_NAME - suffix.length)}${suffix}`;
}

/** A new prompt. Undefined if the name is taken. */
async function placeNew(context: ServiceContext, group: PromptGroup, { name, reason }: Place): Promise<Placed | undefined> {
  if (await promptNamed(context, name)) return undefined;
  const { description, contents } = group;
  try {
    const created = { name, description, contents: contents.map(({ content }) => content), note: reason, labels: labelsOf(group), reason };
    return { prompt: await insertPrompt(context, created), versions: new Map(contents.map(({ hash }, index) => [hash, index + 1])) };
  } catch (thrown) {
    if (isAppError(thrown, 'already-exists')) return undefined;
    throw thrown;
  }
}

/** A prompt here that has all contents of the group. */
async function placeOn(context: ServiceContext, { contents }: PromptGroup, name: string): Promise<Placed | undefined> {
  const prompt = await promptNamed(context, name);
  if (!prompt) return undefined;
  const versions = new Map<string, number>();
  for (const { hash } of contents) {
    const version = await versionWith(context, prompt, hash);
    if (version === undefined) return undefined;
    versions.set(hash, version);
  }
  return { prompt, versions };
}
