import type { Week } from '@switchyard/shared/contracts/triggers/triggers.ts';
import type { Delivery } from '@switchyard/shared/contracts/webhooks.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { type WebhookDayRecord, webhookDays } from '../../store/triggers/trigger-collections.ts';
import type { ServiceContext } from '../context.ts';

/* How many requests a webhook got per day. Deliveries themselves are kept only up to a number. */

const DAY_MS = 86_400_000;
const DAYS = 7;

const latest = (times: readonly string[]): string => times.toSorted().at(-1) ?? '';
const dayOf = (at: string): string => at.slice(0, 10);
/** The last 7 days in UTC, oldest first. */
const lastDays = (now: Date): string[] => Array.from({ length: DAYS }, (_, back) => dayOf(new Date(now.getTime() - (DAYS - 1 - back) * DAY_MS).toISOString()));

/** Counts requests to the live URL of one workflow. A crash loses at most those that were noted within the last second. */
export async function countRequests(store: WorkspaceStore, workspaceId: string, workflowId: string, noted: readonly Delivery[]): Promise<void> {
  const live = noted.filter(({ kind, resent }) => kind === 'live' && !resent);
  for (const [day, requests] of Map.groupBy(live, ({ at }) => dayOf(at))) {
    const rejected = requests.filter(({ runId }) => runId === null).length;
    const lastAt = latest(requests.map(({ at }) => at));
    await addTo(store, { id: `${workflowId}:${day}`, workspaceId, workflowId, day, total: requests.length, rejected, lastAt });
  }
}

/** By compare-and-set, since several processes count. */
async function addTo(store: WorkspaceStore, added: WebhookDayRecord): Promise<void> {
  for (;;) {
    const known = await store.get(webhookDays, added.id);
    if (!known && (await insertIfAbsent(store, webhookDays, added))) return;
    if (!known) continue;
    const { total, rejected } = known;
    const changed = { total: total + added.total, rejected: rejected + added.rejected, lastAt: latest([known.lastAt, added.lastAt]) };
    if (await store.update(webhookDays, added.id, changed, { equal: { total, rejected } })) return;
  }
}

export async function webhookWeek({ store, now }: ServiceContext, workflowId: string): Promise<Week> {
  const shown = lastDays(now());
  const { items } = await store.find(webhookDays, { where: { workflowId }, range: { field: 'day', from: shown[0] ?? '' }, limit: DAYS + 1 });
  const days = shown.map((day) => items.find((one) => one.day === day)?.total ?? 0);
  return {
    days,
    total: items.reduce((sum, { total }) => sum + total, 0),
    rejected: items.reduce((sum, { rejected }) => sum + rejected, 0),
    lastAt:
      items
        .map(({ lastAt }) => lastAt)
        .sort()
        .at(-1) ?? null,
  };
}

export async function forgetOldDays(store: WorkspaceStore, now: Date): Promise<void> {
  const to = dayOf(new Date(now.getTime() - (DAYS + 1) * DAY_MS).toISOString());
  for (;;) {
    const { items } = await store.find(webhookDays, { range: { field: 'day', to }, order: { field: 'day' }, limit: 500 });
    if (items.length === 0) return;
    for (const { id } of items) await store.delete(webhookDays, id);
  }
}
