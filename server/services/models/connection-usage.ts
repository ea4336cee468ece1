import type { AllConnectionUsage, ConnectionUsage } from '@switchyard/shared/contracts/models.ts';
import { isConnectionParam } from '@switchyard/shared/sharing/left-out.ts';
import { findAll } from '../../store/find-all.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { routes } from '../../store/route-collections.ts';
import { workflowsUsing } from '../workflows/workflows-using.ts';

/** The routes that have a connection as a target. */
export async function routesUsing(store: WorkspaceStore, connectionId: string): Promise<ConnectionUsage['routes']> {
  const items = await findAll(store, routes);
  const targeted = items.filter(({ targets }) => targets.some((target) => target.connectionId === connectionId));
  return targeted.map(({ name, automatic }) => ({ name, automatic }));
}

/** The routes and workflows that use a connection. */
export async function connectionUsage(store: WorkspaceStore, connectionId: string): Promise<ConnectionUsage> {
  const found = await workflowsUsing(store, ({ data }) =>
    Object.entries(data.params).filter(([name, value]) => value === connectionId && isConnectionParam(name)),
  );
  return { workflows: found.map(({ id, name }) => ({ id, name })), routes: await routesUsing(store, connectionId) };
}

/** The workflows that use each connection, with the titles of their nodes. */
export async function allConnectionUsage(store: WorkspaceStore): Promise<AllConnectionUsage> {
  const using = await workflowsUsing(store, ({ data }) =>
    Object.entries(data.params).flatMap(([name, value]) =>
      typeof value === 'string' && isConnectionParam(name) ? [{ connectionId: value, node: data.title }] : [],
    ),
  );
  const ids = new Set(using.flatMap(({ uses }) => uses.map(({ connectionId }) => connectionId)));
  const workflowsOf = (connectionId: string) =>
    using.flatMap(({ id, name, uses }) => {
      const nodes = [...new Set(uses.filter((use) => use.connectionId === connectionId).map(({ node }) => node))];
      return nodes.length > 0 ? [{ id, name, nodes }] : [];
    });
  return { items: [...ids].map((connectionId) => ({ connectionId, workflows: workflowsOf(connectionId) })) };
}
