import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { call } from '../process/call.ts';
import { orderWorkflow } from './orders.ts';

/** Creates and publishes the order workflow, or a variant of it. Returns its live URL. */
export async function publishOrders(address: string, mode: 'finished' | 'accepted' = 'finished', graph: Graph = orderWorkflow): Promise<string> {
  const { id } = await call<{ id: string }>(address, 'POST', '/api/workflows', { name: 'Orders', graph });
  await call(address, 'PUT', `/api/workflows/${id}/webhook`, { mode });
  await call(address, 'POST', `/api/workflows/${id}/publish`);
  return (await call<{ url: string }>(address, 'GET', `/api/workflows/${id}/webhook`)).url;
}
