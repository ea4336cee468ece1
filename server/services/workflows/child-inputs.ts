import { certainErrors } from '@switchyard/nodes/io/fit-input.ts';
import { inputParams } from '@switchyard/nodes/io/input.ts';
import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { templateSchemas } from '@switchyard/shared/graph/template-schema.ts';
import { validateJson } from '@switchyard/shared/json-schema/validate.ts';
import { versions, workflows } from '../../store/collections.ts';
import { ownTurn } from '../../turns.ts';
import type { ServiceContext } from '../context.ts';
import { loadFrozenGraph } from './frozen-graph.ts';
import { liveVersionOf } from './live-version.ts';

type Context = Pick<ServiceContext, 'catalog' | 'store'>;

/**
 * Inputs that the workflow they are passed to would certainly reject (S39). Checked against the version that a Workflow node names, or the one
 * that is live now. Workflows and versions that don’t exist are reported elsewhere.
 */
export async function unfitInputs(context: Context, graph: Graph): Promise<Problem[]> {
  const calls = graph.nodes.filter(({ type, data }) => type === 'workflow' && data.disabled !== true);
  if (calls.length === 0) return [];
  await ownTurn();
  const schemaOf = templateSchemas(graph, context.catalog);
  const callees = new Map<string, Promise<Callee | undefined>>();
  const problems: Problem[] = [];
  for (const node of calls) {
    const name = JSON.stringify([node.data.params.workflowId, node.data.params.version ?? 'live']);
    const loading = callees.get(name) ?? calleeOf(context, node);
    callees.set(name, loading);
    const callee = await loading;
    if (!callee) continue;
    await ownTurn();
    const errors = certainErrors(node.data.params.input ?? null, { admission: callee.input, schemaOf, validate: validateJson });
    if (errors.length > 0) problems.push(problemOf(node, callee, errors));
  }
  return problems;
}

interface Callee {
  readonly name: string;
  readonly version: number;
  readonly input: ReturnType<typeof inputParams.parse>;
}

async function calleeOf({ store, catalog }: Context, { data: { params } }: GraphNode): Promise<Callee | undefined> {
  const workflow = typeof params.workflowId === 'string' && params.workflowId !== '' ? await store.get(workflows, params.workflowId) : undefined;
  if (!workflow || workflow.deletedAt !== null) return undefined;
  const number = typeof params.version === 'number' ? params.version : liveVersionOf(workflow);
  const version = number === null ? undefined : await store.get(versions, `${workflow.id}:${number}`);
  if (!version) return undefined;
  const { graph } = await loadFrozenGraph({ store }, version.graphHash);
  const start = graph.nodes.find(({ type, data }) => catalog(type)?.role === 'start' && data.disabled !== true);
  const input = inputParams.safeParse(start?.data.params);
  return input.success ? { name: workflow.name, version: version.number, input: input.data } : undefined;
}

const MOST_SAID = 3;

function problemOf({ id, data }: GraphNode, { name, version }: Callee, errors: readonly { readonly path: string; readonly message: string }[]): Problem {
  const said = errors.slice(0, MOST_SAID).map(({ path, message }) => (path === '' ? message : `${path} ${message}`));
  const more = errors.length > MOST_SAID ? ` (and ${errors.length - MOST_SAID} more)` : '';
  return {
    nodeId: id,
    field: 'input',
    severity: 'error',
    code: 'bad-child-input',
    message: `“${data.title}” passes an input that “${name}” v${version} rejects: ${said.join('; ')}${more}.`,
    suggestion: 'Change the input, or the Input node of that workflow.',
  };
}
