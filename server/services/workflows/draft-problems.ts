import { closest, createComparisons } from '@switchyard/shared/expression/closest.ts';
import { checkInParts } from '@switchyard/shared/graph/check.ts';
import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { namedRoutes } from '@switchyard/shared/graph/named-routes.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { promptRefOf, promptRefText } from '@switchyard/shared/model/prompt-ref.ts';
import { isLeftOut } from '@switchyard/shared/sharing/left-out.ts';
import { connections, workflows } from '../../store/collections.ts';
import { findAll } from '../../store/find-all.ts';
import { type PromptRecord, prompts } from '../../store/registry-collections.ts';
import { routes } from '../../store/route-collections.ts';
import { inTurns } from '../../turns.ts';
import type { ServiceContext } from '../context.ts';
import { missingTables } from '../tables/table-problems.ts';
import { triggerProblems } from '../triggers/trigger-problems.ts';
import { unfitInputs } from './child-inputs.ts';
import { liveVersionOf } from './live-version.ts';

type Context = Pick<ServiceContext, 'catalog' | 'store'>;

/**
 * All problems of a graph, including missing model routes, connections, and tables. Those are looked up on each call
 * (S5), so a missing one is only a warning and never blocks publishing. The same goes for triggers whose input doesn’t fit.
 */
export async function draftProblems(context: Context, workflowId: string, graph: Graph): Promise<Problem[]> {
  const problems = await inTurns(checkInParts(graph, context.catalog));
  return [
    ...problems,
    ...(await missingRoutes(context, graph)),
    ...(await missingConnections(context, graph)),
    ...(await missingWorkflows(context, graph)),
    ...(await missingTables(context.store, graph)),
    ...(await publishingProblems(context, graph)),
    ...(await triggerProblems(context, workflowId, graph)),
  ];
}

/** Each node may list them. */
const MOST_LISTED = 10;

async function missingRoutes({ store }: Context, graph: Graph): Promise<Problem[]> {
  const naming = graph.nodes.flatMap((node) => namedRoutes(node.data.params).map((named) => ({ node, ...named })));
  if (naming.length === 0) return [];
  const known = new Set((await findAll(store, routes)).map((route) => route.id));
  const comparisons = createComparisons();
  return naming.flatMap(({ node, name: route, field }): Problem[] => {
    if (known.has(route)) return [];
    const near = closest(route, known, comparisons);
    return [
      {
        nodeId: node.id,
        field,
        severity: 'warning',
        code: 'unknown-route',
        message: `“${node.data.title}” uses model route “${route}”, which doesn’t exist.`,
        suggestion: near ? `Did you mean “${near}”?` : `Existing routes: ${[...known].slice(0, MOST_LISTED).join(', ')}. Create more under Models.`,
      },
    ];
  });
}

async function missingConnections({ store }: Context, graph: Graph): Promise<Problem[]> {
  const naming = nodesNaming(graph, 'connectionId').filter(({ name }) => name !== '' && !isLeftOut(name));
  if (naming.length === 0) return [];
  const known = new Set((await findAll(store, connections)).map(({ id }) => id));
  return naming.flatMap(({ node, name: connection }): Problem[] =>
    known.has(connection)
      ? []
      : [
          {
            nodeId: node.id,
            field: 'connectionId',
            severity: 'warning',
            code: 'unknown-connection',
            message: `“${node.data.title}” uses connection “${connection}”, which doesn’t exist.`,
            suggestion: 'Choose another one, or none if the URL needs no authentication.',
          },
        ],
  );
}

/** A workflow is looked up when it is started, so a missing one doesn’t block publishing. */
async function missingWorkflows({ store }: Context, graph: Graph): Promise<Problem[]> {
  const found: Problem[] = [];
  for (const { node, name } of nodesNaming(graph, 'workflowId').filter(({ name: id }) => id !== '')) {
    const workflow = await store.get(workflows, name);
    const isGone = !workflow || workflow.deletedAt !== null;
    if (!isGone && (node.data.params.version === undefined || node.data.params.version === 'live') && liveVersionOf(workflow) !== null) continue;
    if (!isGone && typeof node.data.params.version === 'number' && node.data.params.version <= workflow.latestVersion) continue;
    const message = isGone
      ? `“${node.data.title}” runs a workflow that doesn’t exist.`
      : `“${node.data.title}” runs “${workflow.name}”, which has no such published version.`;
    const suggestion = isGone ? 'Choose another workflow.' : 'Publish that workflow, or choose another version.';
    found.push({ nodeId: node.id, field: 'workflowId', severity: 'warning', code: 'unknown-workflow', message, suggestion });
  }
  return found;
}

/** What a version would run into in every run, so it blocks publishing: missing prompts (S52), and inputs that sub-workflows reject (S39). */
export const publishingProblems = async (context: Context, graph: Graph): Promise<Problem[]> => [
  ...(await missingPrompts(context, graph)),
  ...(await unfitInputs(context, graph)),
];

/** A prompt, label, or version that doesn’t exist. */
export async function missingPrompts({ store }: Pick<Context, 'store'>, graph: Graph): Promise<Problem[]> {
  const found: Problem[] = [];
  const known = new Map<string, PromptRecord | undefined>();
  for (const node of graph.nodes) {
    const ref = promptRefOf(node.data.params);
    if (!ref) continue;
    if (!known.has(ref.name)) known.set(ref.name, (await store.find(prompts, { where: { name: ref.name }, limit: 1 })).items[0]);
    const prompt = known.get(ref.name);
    const labels = prompt?.labels.map(({ label }) => label) ?? [];
    if (prompt && (ref.label === undefined ? (ref.version ?? 0) <= prompt.latestVersion : labels.includes(ref.label))) continue;
    found.push({
      nodeId: node.id,
      field: 'prompt',
      severity: 'error',
      code: 'prompt-not-found',
      message: `“${node.data.title}” uses prompt “${promptRefText(ref)}”, which doesn’t exist.`,
      suggestion: prompt
        ? `Labels of “${ref.name}”: ${labels.join(', ') || 'none yet'}. Manage them under Prompts.`
        : 'Create it under Prompts, or choose another.',
    });
  }
  return found;
}

const nodesNaming = (graph: Graph, param: string): { node: GraphNode; name: string }[] =>
  graph.nodes.flatMap((node) => {
    const name = node.data.params[param];
    return typeof name === 'string' ? [{ node, name }] : [];
  });
