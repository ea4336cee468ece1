import { type ConfiguredKind, type Trigger, triggerSchema } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { findAll } from '../../store/find-all.ts';
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

async function weekOf({ store, now }: ServiceContext, triggerId: string): Promise<Trigger['week']> {
  const from = oldestKept(now());
  const fired = await findAll(store, triggerDeliveries, {
    where: { triggerId },
    range: { field: 'at', from },
    order: { field: 'at' },
    fields: ['at', 'outcome', 'count'],
  });
  const days = Array.from({ length: DAYS }, () => 0);
  for (const { at, count } of fired) {
    const day = Math.min(DAYS - 1, Math.floor((Date.parse(at) - Date.parse(from)) / DAY_MS));
    days[day] = (days[day] ?? 0) + count;
  }
  return {
    days,
    total: days.reduce((sum, count) => sum + count, 0),
    rejected: fired.filter(({ outcome }) => outcome === 'rejected').length,
    lastAt: fired.at(-1)?.at ?? null,
  };
}
