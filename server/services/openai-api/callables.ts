import { LRUCache } from 'lru-cache';
import type { Bus } from '../../engine/bus.ts';
import { type WorkflowRecord, workflows } from '../../store/collections.ts';
import type { ServiceContext } from '../context.ts';
import type { PolicyInForce } from '../policies/policy-library.ts';
import { type Division, divisionOf } from '../releases/choose-version.ts';
import { type Admission, admissionOf } from '../runs/admit-input.ts';
import { runnable } from '../runs/start-run.ts';
import { refusePaused } from '../webhooks/receive-call.ts';
import { onWorkflowChange } from '../workflows/on-workflow-change.ts';
import { streamedNodes } from './streamed-nodes.ts';

/*
 * Caches what a call through the OpenAI API needs of a workflow. A draft can be 1 MB, and a call needs none of it. Kept until the
 * workflow or its policy changes, and where several processes work on a store, for `freshMs`.
 */

/** A version of a workflow, for calls. */
export interface CallableVersion {
  readonly number: number;
  readonly hash: string;
  readonly admission: Admission;
  /** Keys of the nodes whose text is the response. */
  readonly streamed: ReadonlySet<string>;
}

/** What is live of a workflow. */
export interface Callable {
  readonly workflow: Pick<WorkflowRecord, 'id' | 'name'>;
  readonly stable: CallableVersion;
  readonly canary: CallableVersion | undefined;
  readonly division: Division;
  /** The data policy of its runs. */
  readonly policy: PolicyInForce | undefined;
}

/** The workflow with this slug. Undefined if there is none. Throws `paused` and `not-published`. */
export type Callables = (context: ServiceContext, slug: string) => Promise<Callable | undefined>;

const MOST_KEPT = 1_000;
const MOST_BYTES = 16_000_000;

export function createCallables({ bus, freshMs }: { readonly bus: Bus; readonly freshMs?: number }): Callables {
  const kept = new LRUCache<string, { callable: Callable; bytes: number }>({
    max: MOST_KEPT,
    maxSize: MOST_BYTES,
    sizeCalculation: ({ bytes }) => bytes,
    ...(freshMs !== undefined && { ttl: freshMs }),
  });
  // Counts changes, so data read before a change isn’t cached after it.
  let changes = 0;
  onWorkflowChange(bus, (hasChanged) => {
    changes++;
    for (const [key, { callable }] of kept.entries()) if (hasChanged(callable.workflow.id)) kept.delete(key);
  });
  return async (context, slug) => {
    const key = JSON.stringify([context.workspaceId, slug]);
    const known = kept.get(key);
    if (known) return known.callable;
    const before = changes;
    const loaded = await load(context, slug);
    if (loaded && before === changes) kept.set(key, loaded);
    return loaded?.callable;
  };
}

async function load(context: ServiceContext, slug: string): Promise<{ callable: Callable; bytes: number } | undefined> {
  const { items } = await context.store.find(workflows, { where: { slug }, limit: 1 });
  const workflow = items.find(({ deletedAt }) => deletedAt === null);
  if (!workflow) return undefined;
  refusePaused(workflow);
  const { id, name } = workflow;
  let bytes = 0;
  const versionOf = async (wanted: 'live' | number): Promise<CallableVersion> => {
    const { number, graph, hash } = await runnable(context, workflow, wanted);
    bytes += JSON.stringify(graph).length;
    return { number: Number(number), hash, admission: admissionOf(graph, context.catalog), streamed: streamedNodes(graph) };
  };
  const stable = await versionOf('live');
  const division = divisionOf(workflow);
  if (!division) return undefined;
  const canary = division.canary && (await versionOf(division.canary.version));
  const policy = await context.policies.ofWorkflow(context.store, id);
  return { callable: { workflow: { id, name }, stable, canary, division, policy }, bytes };
}
