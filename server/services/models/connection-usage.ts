import type { ConnectionUsage } from '@switchyard/shared/contracts/models.ts';
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
