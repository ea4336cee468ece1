import { AppError } from '@switchyard/shared/errors.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { type Cleaning, cleanGraph, cleanIncluded } from '@switchyard/shared/sharing/clean-graph.ts';
import { type Included, includedParts } from '@switchyard/shared/sharing/included.ts';
import { withoutSecretTexts } from '@switchyard/shared/sharing/secret-texts.ts';
import { type ToConnect, toConnectOf } from '@switchyard/shared/sharing/to-connect.ts';
import { connections, type WorkflowRecord } from '../../store/collections.ts';
import { findAll } from '../../store/find-all.ts';
import { ownTurn } from '../../turns.ts';
import type { ServiceContext } from '../context.ts';
import { budgetsOf } from '../money/included-budgets.ts';
import { includedPolicy } from '../policies/policies.ts';
import { promptsOfGraph } from '../prompts/included-prompts.ts';
import { includedQueue } from '../queue/queue-settings.ts';
import { includedTables } from '../tables/included-tables.ts';
import { includedTriggers, sharedTriggers } from '../triggers/included-triggers.ts';
import { liveVersionOf } from '../workflows/live-version.ts';
import { versionGraph } from '../workflows/versions.ts';

/** What viewers of a workflow may see: no secrets, connection IDs, runs, or webhook. Prompts as they are now (S53a). */
export interface Shareable extends Pick<Included, 'prompts'> {
  readonly name: string;
  readonly description: string;
  readonly graph: Graph;
  readonly toConnect: ToConnect[];
}

/** The name for a reference to a deleted connection. */
const GONE = 'a connection';

/** The draft of a workflow, or its live version, cleaned for sharing. Throws `not-published`. */
export async function shareableOf(context: ServiceContext, workflow: WorkflowRecord, shows: 'live' | 'draft'): Promise<Shareable> {
  const source = shows === 'live' ? await liveGraph(context, workflow) : workflow.draft;
  const cleaning = await cleaningOf(context);
  await ownTurn();
  const used = await promptsOfGraph(context, source);
  await ownTurn();
  const graph = cleanGraph(used.graph, cleaning);
  const included = cleanIncluded(includedParts({ prompts: used.prompts }));
  return {
    name: withoutSecretTexts(workflow.name).slice(0, 200),
    description: withoutSecretTexts(workflow.description).slice(0, 2000),
    graph,
    toConnect: toConnectOf(graph, included),
    ...included,
  };
}

/** The same, plus the data policy, budgets, limits, and triggers that a copy also gets. */
export async function copyableOf(context: ServiceContext, workflow: WorkflowRecord, shows: 'live' | 'draft'): Promise<Shareable & Included> {
  const [policies, budgets, queue, triggers] = await Promise.all([
    includedPolicy(context, workflow.id),
    budgetsOf(context, workflow.id),
    includedQueue(context, workflow.id),
    includedTriggers(context, workflow.id),
  ]);
  const shareable = await shareableOf(context, workflow, shows);
  const tables = await includedTables(context, shareable.graph);
  const named = sharedTriggers(triggers, (await cleaningOf(context)).connectionName);
  const included = cleanIncluded(includedParts({ policies, budgets, queue, triggers: named, tables }));
  await ownTurn();
  return { ...shareable, ...included, toConnect: toConnectOf(shareable.graph, { ...shareable, ...included }) };
}

async function liveGraph(context: ServiceContext, workflow: WorkflowRecord): Promise<Graph> {
  const version = liveVersionOf(workflow);
  if (version === null) {
    throw new AppError('not-published', `“${workflow.name}” has no live version yet. Publish it, or share its draft.`, { place: { workflowId: workflow.id } });
  }
  return (await versionGraph(context, workflow.id, version)).graph;
}

async function cleaningOf({ store, catalog }: ServiceContext): Promise<Cleaning> {
  const items = await findAll(store, connections);
  const names = new Map(items.map(({ id, name }) => [id, name]));
  return { catalog, connectionName: (reference) => names.get(reference) ?? GONE };
}
