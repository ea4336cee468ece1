import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import type { saveTemplate as saveTemplateContract, Template } from '@switchyard/shared/contracts/templates.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { NodeCatalog } from '@switchyard/shared/graph/node-kind.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { includedParts } from '@switchyard/shared/sharing/included.ts';
import { toConnectOf } from '@switchyard/shared/sharing/to-connect.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { type TemplateRecord, templates } from '../../store/sharing-collections.ts';
import { ownTurn } from '../../turns.ts';
import { actorOf } from '../caller.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { newId } from '../ids.ts';
import { slugChoices } from '../workflows/slug.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { copyableOf } from './shareable.ts';

/** A template of this workspace as the gallery shows it. */
export const templateView = (
  { slug, name, description, graph, createdAt, prompts, policies, budgets, queue, triggers, tables }: TemplateRecord,
  catalog: NodeCatalog,
): Template => ({
  slug,
  name,
  description,
  firstRunSeconds: null,
  worksWithoutKey: toConnectOf(graph, { prompts }).length === 0,
  stepCount: graph.nodes.filter((node) => catalog(node.type)?.role !== 'note').length,
  builtIn: false,
  readme: '',
  graph,
  prompts,
  policies,
  budgets,
  queue,
  triggers,
  tables,
  createdAt,
});

/** Saves the draft of a workflow as a template. `isTaken` tells the slugs of shipped templates. */
export async function saveTemplate(
  context: ServiceContext,
  { workflowId, name, description, samples }: BodyOf<typeof saveTemplateContract>,
  isTaken: (slug: string) => boolean,
): Promise<Template> {
  const workflow = await getWorkflowRecord(context, workflowId);
  const { graph, ...copyable } = await copyableOf(context, workflow, 'draft');
  const record = {
    id: newId('tpl', context.now()),
    workspaceId: context.workspaceId,
    name,
    description,
    graph: samples ? withSamples(graph, samples, context.catalog) : graph,
    ...includedParts(copyable),
    createdAt: timestamp(context),
    deletedAt: null,
    actor: actorOf(context.caller),
  };
  for (const slug of slugChoices(name)) {
    if (isTaken(slug)) continue;
    if (await insertIfAbsent(context.store, templates, { ...record, slug })) return templateView({ ...record, slug }, context.catalog);
  }
  throw new AppError('already-exists', `Couldn’t find a free URL for a template named “${name}”. Choose another name.`);
}

/** The graph with only the chosen samples. Throws `bad-request` for an unknown name. */
function withSamples(graph: Graph, names: readonly string[], catalog: NodeCatalog): Graph {
  const wanted = new Set(names);
  const nodes = graph.nodes.map((node) => {
    const { samples } = node.data.params;
    if (catalog(node.type)?.role !== 'start' || !Array.isArray(samples)) return node;
    const kept = samples.filter((sample) => isPlainObject(sample) && typeof sample.name === 'string' && names.includes(sample.name));
    for (const sample of kept) wanted.delete(sample.name);
    return { ...node, data: { ...node.data, params: { ...node.data.params, samples: kept } } };
  });
  const [missing] = wanted;
  if (missing === undefined) return { ...graph, nodes };
  throw new AppError('bad-request', `The workflow has no sample “${missing}”.`, { fields: [{ path: 'samples', message: `there is no sample “${missing}”` }] });
}

/** A template can be 1 MB large. */
const AT_A_TIME = 3;

/** The templates of this workspace, newest first, read a few at a time as they are needed. */
export async function* ownTemplates({ store, catalog }: ServiceContext): AsyncGenerator<Template> {
  let cursor: string | undefined;
  do {
    await ownTurn();
    const page = await store.find(templates, {
      where: { deletedAt: null },
      order: { field: 'createdAt', descending: true },
      limit: AT_A_TIME,
      ...(cursor !== undefined && { cursor }),
    });
    for (const record of page.items) yield templateView(record, catalog);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

/** One of them by its slug. Undefined if it doesn't exist or was deleted. */
export async function findOwnTemplate(context: ServiceContext, slug: string): Promise<Template | undefined> {
  const record = await recordOf(context, slug);
  return record && record.deletedAt === null ? templateView(record, context.catalog) : undefined;
}

/** Deletes a template (`deletedAt` a time) or restores it (null). Throws `not-found`. */
export async function setTemplateDeleted(context: ServiceContext, slug: string, deletedAt: string | null): Promise<Template> {
  const record = await recordOf(context, slug);
  const changed = record && (await context.store.update(templates, record.id, { deletedAt }));
  if (!changed) throw new AppError('not-found', `Template “${slug}” not found.`);
  return templateView(changed, context.catalog);
}

async function recordOf({ store }: ServiceContext, slug: string): Promise<TemplateRecord | undefined> {
  return (await store.find(templates, { where: { slug }, limit: 1 })).items[0];
}
