import { call } from '../process/call.ts';
import { orderWorkflow } from './orders.ts';

/** Creates and publishes the order workflow. Returns its live URL. */
export async function publishOrders(address: string, mode: 'finished' | 'accepted' = 'finished'): Promise<string> {
  const { id } = await call<{ id: string }>(address, 'POST', '/api/workflows', { name: 'Orders', graph: orderWorkflow });
  await call(address, 'PUT', `/api/workflows/${id}/webhook`, { mode });
  await call(address, 'POST', `/api/workflows/${id}/publish`);
  return (await call<{ url: string }>(address, 'GET', `/api/workflows/${id}/webhook`)).url;
}
