import type { AllConnectionUsage, ConnectionUsage } from '@switchyard/shared/contracts/models.ts';
import { queueSettings } from '@switchyard/shared/contracts/triggers/queue.ts';
import { isConnectionParam } from '@switchyard/shared/sharing/left-out.ts';
import { workflows } from '../../store/collections.ts';
import { findAll } from '../../store/find-all.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { routes } from '../../store/route-collections.ts';
import { triggers } from '../../store/triggers/trigger-collections.ts';
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
  const queues = (await queuesUsing(store)).filter((use) => use.connectionId === connectionId);
  const workflows = new Map([...found, ...queues].map(({ id, name }) => [id, { id, name }]));
  return { workflows: [...workflows.values()], routes: await routesUsing(store, connectionId) };
}

/** The connections that triggers read queues over, with their workflows. */
async function queuesUsing(store: WorkspaceStore) {
  const found = await findAll(store, triggers, { where: { kind: 'queue' } });
  const uses = await Promise.all(
    found.map(async ({ workflowId, settings }) => {
      const workflow = await store.get(workflows, workflowId);
      const { connectionId } = queueSettings.parse(settings).source;
      return workflow && workflow.deletedAt === null ? [{ id: workflowId, name: workflow.name, connectionId, node: 'Queue trigger' }] : [];
    }),
  );
  return uses.flat();
}

/** The workflows that use each connection, with the titles of their nodes. */
export async function allConnectionUsage(store: WorkspaceStore): Promise<AllConnectionUsage> {
  const using = await workflowsUsing(store, ({ data }) =>
    Object.entries(data.params).flatMap(([name, value]) =>
      typeof value === 'string' && isConnectionParam(name) ? [{ connectionId: value, node: data.title }] : [],
    ),
  );
  for (const { id, name, ...use } of await queuesUsing(store)) {
    const known = using.find((one) => one.id === id);
    if (known) known.uses.push(use);
    else using.push({ id, name, uses: [use] });
  }
  const ids = new Set(using.flatMap(({ uses }) => uses.map(({ connectionId }) => connectionId)));
  const workflowsOf = (connectionId: string) =>
    using.flatMap(({ id, name, uses }) => {
      const nodes = [...new Set(uses.filter((use) => use.connectionId === connectionId).map(({ node }) => node))];
      return nodes.length > 0 ? [{ id, name, nodes }] : [];
    });
  return { items: [...ids].map((connectionId) => ({ connectionId, workflows: workflowsOf(connectionId) })) };
}
