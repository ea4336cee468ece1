import { type WorkflowRecord, workflows } from '../../store/collections.ts';
import { findAll } from '../../store/find-all.ts';
import type { ServiceContext } from '../context.ts';

/* Tags of workflows. A record keeps them as one text, so a store can read those of all workflows without their drafts. */

const SEPARATOR = '\n';

/** The tags of a record, in the order they were given. */
export function tagsOf({ tagText }: Pick<WorkflowRecord, 'tagText'>): string[] {
  // A store that returns only some fields may give null for a missing one.
  return tagText ? tagText.split(SEPARATOR) : [];
}

/** Tags as a record keeps them: each once, whatever its case. */
export function tagTextOf(tags: readonly string[]): string {
  const first = new Map<string, string>();
  for (const tag of tags) if (!first.has(tag.toLowerCase())) first.set(tag.toLowerCase(), tag);
  return [...first.values()].join(SEPARATOR);
}

type Brief = Pick<WorkflowRecord, 'id' | 'name' | 'tagText' | 'deletedAt'>;

const briefs = ({ store }: Pick<ServiceContext, 'store'>): Promise<Brief[]> =>
  findAll(store, workflows, { fields: ['name', 'tagText', 'deletedAt'], aside: true });

/** The IDs of workflows with this tag, and with this text in their name or a tag. */
export async function workflowsMatching(
  context: Pick<ServiceContext, 'store'>,
  { tag, search = '' }: { tag?: string | undefined; search?: string | undefined },
): Promise<string[]> {
  const wanted = tag?.toLowerCase();
  const text = search.toLowerCase();
  const found = (await briefs(context)).filter((brief) => {
    const tags = tagsOf(brief).map((one) => one.toLowerCase());
    return (wanted === undefined || tags.includes(wanted)) && (brief.name.toLowerCase().includes(text) || tags.some((one) => one.includes(text)));
  });
  return found.map(({ id }) => id);
}

/** All tags in use and how many workflows have each, by name. */
export async function listWorkflowTags(context: Pick<ServiceContext, 'store'>): Promise<{ items: { tag: string; count: number }[] }> {
  const counts = new Map<string, { tag: string; count: number }>();
  for (const brief of await briefs(context)) {
    if (brief.deletedAt !== null) continue;
    for (const tag of tagsOf(brief)) {
      const known = counts.get(tag.toLowerCase()) ?? { tag, count: 0 };
      counts.set(tag.toLowerCase(), { ...known, count: known.count + 1 });
    }
  }
  return { items: [...counts.values()].sort((one, two) => one.tag.localeCompare(two.tag)) };
}
