import type { RunRecord } from '../../store/collections.ts';
import { rollUps } from '../../store/insight/insight-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { dayOf, freezeRollUp, hourOf, rollUpId } from './roll-up-records.ts';

/* Figures outlive what they were made from (S86): hours outlive their runs, and days their hours. */

const DAY_MS = 86_400_000;
/** Figures by the hour are kept this long. */
const HOURS_KEPT_DAYS = 100;
const PAGE = 200;

/** Call before a run is deleted: the figures of its hour can’t be made again. */
export async function freezeHour(store: WorkspaceStore, { workflowId, costOf = '', createdAt }: RunRecord): Promise<void> {
  const [root = ''] = costOf.split(':');
  for (const id of new Set([workflowId, root])) if (id !== '') await freezeRollUp(store, rollUpId(id, 'hour', hourOf(createdAt)));
}

/** Deletes figures by the hour that are old, and freezes those of their days. */
export async function tidyRollUps(store: WorkspaceStore, now: Date, stop: AbortSignal): Promise<void> {
  const to = dayOf(new Date(now.getTime() - HOURS_KEPT_DAYS * DAY_MS).toISOString());
  while (!stop.aborted) {
    const { items } = await store.find(rollUps, { where: { span: 'hour' }, range: { field: 'at', to }, order: { field: 'at' }, limit: PAGE });
    for (const { id, workflowId, at } of items) {
      await freezeRollUp(store, rollUpId(workflowId, 'day', dayOf(at)));
      await store.delete(rollUps, id);
    }
    if (items.length < PAGE) return;
  }
}
