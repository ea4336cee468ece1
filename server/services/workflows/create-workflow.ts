import type { Workflow } from '@switchyard/shared/contracts/workflows.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { type WorkflowRecord, webhooks, workflows } from '../../store/collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { actorOf } from '../caller.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { newId, newToken } from '../ids.ts';
import { readGraph } from './read-graph.ts';
import { slugChoices } from './slug.ts';
import { starterGraph } from './starter-graph.ts';
import { tagTextOf } from './tags.ts';
import { workflowView } from './workflow-record.ts';

interface NewWorkflow {
  readonly name: string;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  /** The client's graph. Without one, the workflow starts with an Input and an Output. */
  readonly graph?: unknown;
  readonly templateSlug?: string | undefined;
  /** What must exist before the workflow can run. */
  readonly prepare?: (workflowId: string) => Promise<void>;
}

/** Creates a workflow and its webhook. Throws `bad-graph`. */
export async function createWorkflow(
  context: ServiceContext,
  { name, description = '', tags = [], graph, templateSlug, prepare }: NewWorkflow,
): Promise<Workflow> {
  const draft: Graph = graph === undefined ? starterGraph() : await readGraph(graph);
  const at = timestamp(context);
  const record: WorkflowRecord = {
    id: newId('wf', context.now()),
    workspaceId: context.workspaceId,
    slug: '',
    name,
    description,
    draft,
    draftRevision: 1,
    latestVersion: 0,
    release: [],
    paused: false,
    pauseReason: null,
    templateSlug: templateSlug ?? null,
    createdAt: at,
    updatedAt: at,
    deletedAt: null,
    ...(tags.length > 0 && { tagText: tagTextOf(tags) }),
    actor: actorOf(context.caller),
  };
  // The webhook first: one without a workflow is harmless, a workflow without one isn't.
  await context.store.insert(webhooks, {
    id: record.id,
    workspaceId: context.workspaceId,
    liveToken: newToken(),
    testToken: newToken(),
    mode: 'finished',
    deadlineMs: 30_000,
    methods: [],
    callerMayChoose: true,
    maxBodyBytes: 1_000_000,
    updatedAt: at,
  });
  await prepare?.(record.id);
  return workflowView(await insertWithFreeSlug(context, record));
}

async function insertWithFreeSlug({ store }: ServiceContext, record: WorkflowRecord): Promise<WorkflowRecord> {
  for (const slug of slugChoices(record.name)) {
    if (await insertIfAbsent(store, workflows, { ...record, slug })) return { ...record, slug };
  }
  throw new AppError('already-exists', `Couldn’t find a free URL for a workflow named “${record.name}”. Choose another name.`);
}
