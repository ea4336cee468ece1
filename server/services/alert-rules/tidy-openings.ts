import { alertOpenings } from '../../store/insight/alert-rule-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { isOpen } from './openings.ts';

/** As long as figures can be shown. */
export const OPENINGS_KEPT_MS = 400 * 86_400_000;
const PAGE = 200;

/** Deletes resolved alerts from the history after 400 days. */
export async function tidyOpenings(store: WorkspaceStore, now: Date, stop: AbortSignal): Promise<void> {
  const to = new Date(now.getTime() - OPENINGS_KEPT_MS).toISOString();
  while (!stop.aborted) {
    const { items } = await store.find(alertOpenings, { range: { field: 'openedAt', to }, order: { field: 'openedAt' }, limit: PAGE });
    const old = items.filter((opening) => !isOpen(opening));
    for (const { id } of old) await store.delete(alertOpenings, id);
    if (items.length < PAGE || old.length === 0) return;
  }
}
