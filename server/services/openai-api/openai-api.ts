import type { Chat } from '../../models/chat-port.ts';
import { workflows } from '../../store/collections.ts';
import type { Collection, StoredRecord, WorkspaceStore } from '../../store/port.ts';
import { routes } from '../../store/route-collections.ts';
import type { ServiceContext } from '../context.ts';
import type { RunDeltas } from '../runs/run-deltas.ts';
import { liveVersionOf } from '../workflows/live-version.ts';
import { callRoute } from './call-route.ts';
import { callWorkflow } from './call-workflow.ts';
import type { Callables } from './callables.ts';
import { type CallOptions, type ModelAnswer, type ModelCall, unknownModel } from './model-call.ts';

/*
 * Workflows and model routes as models, for clients of the OpenAI API. Owns which model a name means. Does not own the protocol
 * (http/openai-api/).
 */

export interface OpenAiApiParts {
  readonly chat: Chat;
  readonly deltas: RunDeltas;
  readonly callables: Callables;
}

/** A model that a caller can name. `created` is in seconds. */
export interface ListedModel {
  readonly id: string;
  readonly created: number;
}

const MODEL = /^(workflow|route)\/(.+)$/;

/** Calls the workflow or route that a model name refers to. */
export async function callModel({ chat, ...parts }: OpenAiApiParts, context: ServiceContext, call: ModelCall, options: CallOptions): Promise<ModelAnswer> {
  const [, kind, name] = MODEL.exec(call.model) ?? [];
  if (name === undefined) throw unknownModel(call.model);
  return kind === 'route' ? callRoute(chat, context, name, call, options) : callWorkflow(context, parts, name, call, options);
}

/** Every route and every published workflow. */
export async function listModels({ store }: ServiceContext): Promise<ListedModel[]> {
  const models: ListedModel[] = [];
  for await (const { name, updatedAt } of every(store, routes, ['name', 'updatedAt'])) models.push({ id: `route/${name}`, created: seconds(updatedAt) });
  for await (const { slug, createdAt, deletedAt, release } of every(store, workflows, ['slug', 'createdAt', 'deletedAt', 'release'])) {
    if (deletedAt === null && liveVersionOf({ release }) !== null) models.push({ id: `workflow/${slug}`, created: seconds(createdAt) });
  }
  return models;
}

/** A draft can be 1 MB large. */
const AT_A_TIME = 20;

async function* every<T extends StoredRecord>(store: WorkspaceStore, collection: Collection<T>, fields: readonly string[]): AsyncGenerator<T> {
  let cursor: string | null = null;
  do {
    const page: { items: T[]; nextCursor: string | null } = await store.find(collection, { limit: AT_A_TIME, fields, ...(cursor !== null && { cursor }) });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}

const seconds = (time: string): number => Math.floor(Date.parse(time) / 1_000);
