import { type ConfiguredKind, type Trigger, triggerSchema, type Week } from '@switchyard/shared/contracts/triggers/triggers.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { type TriggerRecord, triggerDeliveries } from '../../store/triggers/trigger-collections.ts';
import type { ServiceContext } from '../context.ts';
import { oldestKept } from './note-delivery.ts';
import { nextDueTimes } from './schedule/due-times.ts';

const SHOWN_TIMES = 5;
const DAY_MS = 86_400_000;
const DAYS = 7;

/** Where the kinds with a page have it. */
export const PAGES: Readonly<Partial<Record<ConfiguredKind, string>>> = { form: 'f', chat: 'c' };

/** A trigger as the API shows it. */
export async function triggerView(context: ServiceContext, record: TriggerRecord): Promise<Trigger> {
  const { id, workflowId, kind, enabled, settings, token, waitsFor, revision, createdAt, updatedAt } = record;
  const view = {
    id,
    workflowId,
    kind,
    enabled,
    url: token === null ? null : `${context.address()}/${PAGES[kind]}/${token}`,
    waitsFor,
    revision,
    createdAt,
    updatedAt,
    settings,
  };
  const trigger = triggerSchema.parse({ ...view, next: [], week: await weekOf(context, id) });
  return trigger.kind === 'schedule' ? { ...trigger, next: nextDueTimes(trigger.settings, context.now(), SHOWN_TIMES) } : trigger;
}

/** Events that are read to count them. Of more, only their number per day is read. */
const MOST_READ = 1_000;
/** More on one day are counted as this many. */
const MOST_COUNTED = 100_000;

async function weekOf({ store, now }: ServiceContext, triggerId: string): Promise<Week> {
  const from = oldestKept(now());
  const { items: fired, nextCursor } = await store.find(triggerDeliveries, {
    where: { triggerId },
    range: { field: 'at', from },
    order: { field: 'at', descending: true },
    fields: ['at', 'outcome', 'count'],
    limit: MOST_READ,
  });
  const lastAt = fired[0]?.at ?? null;
  if (nextCursor !== null) return { ...(await countedWeek(store, triggerId, from)), lastAt };
  const days = Array.from({ length: DAYS }, () => 0);
  for (const { at, count } of fired) {
    const day = Math.min(DAYS - 1, Math.floor((Date.parse(at) - Date.parse(from)) / DAY_MS));
    days[day] = (days[day] ?? 0) + count;
  }
  return { days, total: sum(days), rejected: fired.filter(({ outcome }) => outcome === 'rejected').length, lastAt };
}

async function countedWeek(store: WorkspaceStore, triggerId: string, from: string): Promise<Omit<Week, 'lastAt'>> {
  const begins = Array.from({ length: DAYS + 1 }, (_, day) => new Date(Date.parse(from) + day * DAY_MS).toISOString());
  const count = (where: Record<string, string>, range: { from: string; to?: string }) =>
    store.count(triggerDeliveries, { where: { triggerId, ...where }, range: { field: 'at', ...range } }, MOST_COUNTED);
  const [rejected, ...days] = await Promise.all([
    count({ outcome: 'rejected' }, { from }),
    ...begins.slice(0, DAYS).map((begin, day) => count({}, { from: begin, to: begins[day + 1] ?? begin })),
  ]);
  return { days, total: sum(days), rejected };
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
