import type { RouteUsage } from '@switchyard/shared/contracts/routes.ts';
import { namedRoutes } from '@switchyard/shared/graph/named-routes.ts';
import { findAll } from '../../store/find-all.ts';
import { budgets } from '../../store/money-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { inUse, quotedNames } from '../in-use.ts';
import { STANDARD_ROUTES } from '../models/automatic-routes.ts';
import { workflowsUsing } from '../workflows/workflows-using.ts';
import { findRoute } from './change-route.ts';

/** The workflows whose draft or released version calls a route, and the budgets that limit it or switch to it. Throws `not-found`. */
export async function routeUsage(store: WorkspaceStore, name: string): Promise<RouteUsage> {
  await findRoute(store, name);
  const found = await workflowsUsing(store, ({ data }) => namedRoutes(data.params).filter((named) => named.name === name));
  const limiting = (await findAll(store, budgets)).filter(({ route, scope }) => route === name || (scope.kind === 'route' && scope.id === name));
  return {
    workflows: found.map((workflow) => ({ id: workflow.id, name: workflow.name })),
    budgets: limiting.map((budget) => ({ id: budget.id, name: budget.name ?? budget.id })),
  };
}

/** Throws `not-found`, and `in-use` for a built-in route or with the names of what uses the route. */
export async function requireUnused(store: WorkspaceStore, name: string): Promise<void> {
  const usedBy = await routeUsage(store, name);
  if (STANDARD_ROUTES.some((standard) => standard.name === name)) throw inUse(`Route “${name}” is built in and can’t be deleted. Change its targets instead.`);
  const users = [
    { one: 'workflow', many: 'workflows', names: usedBy.workflows.map((workflow) => workflow.name) },
    { one: 'budget', many: 'budgets', names: usedBy.budgets.map((budget) => budget.name) },
  ].filter(({ names }) => names.length > 0);
  if (users.length === 0) return;
  const texts = users.map(({ one, many, names }) => `${names.length === 1 ? one : many} ${quotedNames(names)}`);
  throw inUse(`Route “${name}” is used by ${texts.join(' and ')}. Choose another route there first.`, { usedBy });
}
