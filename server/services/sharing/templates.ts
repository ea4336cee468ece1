import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Template } from '@switchyard/shared/contracts/templates.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { weightOf } from '@switchyard/shared/expression/metering/weight.ts';
import { graphSchema } from '@switchyard/shared/graph/graph.ts';
import type { NodeCatalog } from '@switchyard/shared/graph/node-kind.ts';
import { includedFields, includedParts } from '@switchyard/shared/sharing/included.ts';
import { z } from 'zod';
import { type ServiceContext, timestamp } from '../context.ts';
import { type Created, createFrom } from './create-from.ts';
import { findOwnTemplate, ownTemplates, setTemplateDeleted } from './own-templates.ts';

/** A shipped workflow, as its `workflow.json` describes it. */
const templateFile = z.object({
  name: z.string().min(1),
  description: z.string(),
  firstRunSeconds: z.number().default(5),
  worksWithoutKey: z.boolean().default(true),
  /** Position in the gallery. Templates without one come last. */
  position: z.number().default(1_000),
  ...includedFields,
  graph: graphSchema,
});

/** The shipped workflows, read once at start. */
export type Gallery = ReadonlyMap<string, Template>;

/** Reads templates/<slug>/{workflow.json, README.md}. Throws an error that names the file if one is invalid. */
export async function readGallery(dir: string, catalog: NodeCatalog): Promise<Gallery> {
  const entries = await readdir(dir, { withFileTypes: true });
  const read = await Promise.all(entries.filter((entry) => entry.isDirectory()).map((entry) => readTemplate(dir, entry.name, catalog)));
  read.sort((a, b) => a.position - b.position || a.template.name.localeCompare(b.template.name));
  return new Map(read.map(({ template }) => [template.slug, template]));
}

async function readTemplate(dir: string, slug: string, catalog: NodeCatalog): Promise<{ position: number; template: Template }> {
  const file = join(dir, slug, 'workflow.json');
  const [text, readme] = await Promise.all([readFile(file, 'utf8'), readFile(join(dir, slug, 'README.md'), 'utf8')]);
  const parsed = templateFile.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`${pathToFileURL(file).pathname} is not a template: ${z.prettifyError(parsed.error)}`);
  const { name, description, firstRunSeconds, worksWithoutKey, graph, position, prompts, policies, budgets, queue, triggers, tables } = parsed.data;
  const stepCount = graph.nodes.filter((node) => catalog(node.type)?.role !== 'note').length;
  const about = { slug, name, description, firstRunSeconds, worksWithoutKey, stepCount, builtIn: true, readme, createdAt: null };
  return { position, template: { ...about, graph, prompts, policies, budgets, queue, triggers, tables } };
}

/** About how many characters of graphs a page has at most, plus one graph: a larger response would take long to write. */
const MOST_CHARACTERS = 2_000_000;

/**
 * The gallery: shipped templates in their order, then those of this workspace, newest first. A page of large templates has fewer than
 * `limit`.
 */
export async function listTemplates(context: ServiceContext, gallery: Gallery, { limit, cursor }: { limit: number; cursor?: string | undefined }) {
  const begin = Number(cursor ?? 0);
  const items: Template[] = [];
  let left = MOST_CHARACTERS;
  let place = 0;
  for await (const template of allTemplates(context, gallery)) {
    if (place++ < begin) continue;
    if (items.length === limit || left <= 0) return { items, nextCursor: String(place - 1) };
    items.push(template);
    left -= weightOf({ graph: template.graph, prompts: template.prompts }).characters;
  }
  return { items, nextCursor: null };
}

/** Shipped templates in their order, then those of this workspace, newest first. */
export async function* allTemplates(context: ServiceContext, gallery: Gallery): AsyncGenerator<Template> {
  yield* gallery.values();
  yield* ownTemplates(context);
}

/** One template. Throws `not-found`. */
export async function getTemplate(context: ServiceContext, gallery: Gallery, slug: string): Promise<Template> {
  const template = gallery.get(slug) ?? (await findOwnTemplate(context, slug));
  if (!template) throw new AppError('not-found', `Template “${slug}” not found.`);
  return template;
}

/** Creates a workflow from a template, under its name or another. */
export async function useTemplate(context: ServiceContext, gallery: Gallery, slug: string, name?: string): Promise<Created> {
  const template = await getTemplate(context, gallery, slug);
  const { description, graph } = template;
  return createFrom(context, { name: name ?? template.name, description, graph, ...includedParts(template), templateSlug: template.slug });
}

/** Deletes a template of this workspace. Throws `forbidden` for a shipped one, `not-found`. */
export async function deleteTemplate(context: ServiceContext, gallery: Gallery, slug: string): Promise<Template> {
  const shipped = gallery.get(slug);
  if (shipped) throw new AppError('forbidden', `“${shipped.name}” comes with Switchyard and can’t be deleted.`);
  await getTemplate(context, gallery, slug);
  return setTemplateDeleted(context, slug, timestamp(context));
}
