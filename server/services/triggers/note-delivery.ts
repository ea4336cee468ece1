import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { type TriggerDeliveryRecord, type TriggerRecord, triggerDeliveries } from '../../store/triggers/trigger-collections.ts';

const KEPT_MS = 7 * 86_400_000;

export const oldestKept = (now: Date): string => new Date(now.getTime() - KEPT_MS).toISOString();

type Noted = Pick<TriggerDeliveryRecord, 'at' | 'outcome'> & Partial<Pick<TriggerDeliveryRecord, 'dueAt' | 'code' | 'runId' | 'count'>>;

/** Records once what became of an event of a trigger. A started run replaces what another process recorded. */
export async function noteDelivery(
  store: WorkspaceStore,
  { id: triggerId, workspaceId, workflowId }: TriggerRecord,
  event: string,
  { at, outcome, dueAt = null, code = null, runId = null, count = 1 }: Noted,
): Promise<void> {
  const id = `${triggerId}:${event}`;
  const inserted = await insertIfAbsent(store, triggerDeliveries, { id, workspaceId, triggerId, workflowId, at, dueAt, outcome, code, runId, count });
  if (!inserted && outcome === 'started') await store.update(triggerDeliveries, id, { outcome, code, runId });
}

/** Deletes records older than 7 days. */
export async function forgetOldDeliveries(store: WorkspaceStore, now: Date): Promise<void> {
  for (;;) {
    const { items } = await store.find(triggerDeliveries, { range: { field: 'at', to: oldestKept(now) }, order: { field: 'at' }, limit: 500 });
    if (items.length === 0) return;
    for (const { id } of items) await store.delete(triggerDeliveries, id);
  }
}
