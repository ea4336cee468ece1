import { AppError } from '@switchyard/shared/errors.ts';
import { connections, workflows } from '../../store/collections.ts';
import type { BudgetRecord } from '../../store/money-collections.ts';
import { routes } from '../../store/route-collections.ts';
import type { ServiceContext } from '../context.ts';
import { liveVersionOf } from '../workflows/live-version.ts';
import { versionGraph } from '../workflows/versions.ts';

/* The object of a new budget or price must exist: with a typo in the ID, the limit would never apply. */

const unknown = (path: string, message: string): AppError => new AppError('bad-request', `${path}: ${message}`, { fields: [{ path, message }] });

/** Checks the workflow, node, or route of a budget. Tenants and runs may not exist yet. Throws `bad-request`. */
export async function checkScope(context: ServiceContext, { kind, id }: BudgetRecord['scope']): Promise<void> {
  if (id === undefined) return;
  if (kind === 'workflow' && !(await workflowOf(context, id))) throw unknown('scope.id', `workflow “${id}” doesn’t exist`);
  if (kind === 'route' && !(await context.store.get(routes, id))) throw unknown('scope.id', `route “${id}” doesn’t exist`);
  if (kind === 'node' && !(await hasNode(context, id))) throw unknown('scope.id', `node “${id}” doesn’t exist: write <workflow ID>/<node key>`);
}

/** Checks the connection of a price. Throws `bad-request`. */
export async function checkConnection({ store }: ServiceContext, id: string): Promise<void> {
  if (!(await store.get(connections, id))) throw unknown('connectionId', `connection “${id}” doesn’t exist`);
}

async function workflowOf({ store }: ServiceContext, id: string) {
  const workflow = await store.get(workflows, id);
  return workflow?.deletedAt === null ? workflow : undefined;
}

/** Whether the draft or the live version has the node. */
async function hasNode(context: ServiceContext, id: string): Promise<boolean> {
  const slash = id.indexOf('/');
  const key = id.slice(slash + 1);
  const workflow = slash === -1 ? undefined : await workflowOf(context, id.slice(0, slash));
  if (!workflow) return false;
  if (workflow.draft.nodes.some(({ data }) => data.key === key)) return true;
  const live = liveVersionOf(workflow);
  return live !== null && (await versionGraph(context, workflow.id, live)).graph.nodes.some(({ data }) => data.key === key);
}
