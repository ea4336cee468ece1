import type { RunItem } from '@switchyard/shared/contracts/runs.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { frameId } from '@switchyard/shared/run/address.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { type ItemState, type ItemStatus, itemsOf } from '@switchyard/shared/run/fold-frame.ts';
import { nameOfItem } from '@switchyard/shared/run/item-name.ts';
import type { ServiceContext } from '../context.ts';
import { getRunRecord, type Page, type PageQuery, pageAt } from './get-run.ts';
import { readEvents } from './journal-events.ts';
import { loadValue } from './load-value.ts';

interface ItemQuery extends PageQuery {
  readonly step?: string | undefined;
  readonly status?: ItemStatus | undefined;
  readonly from?: number | undefined;
}

/** The items of a for-each step, in order, also those whose steps have left the state of the run (S36). */
export async function listRunItems(context: ServiceContext, runId: string, query: ItemQuery): Promise<Page<RunItem>> {
  await getRunRecord(context, runId);
  const events = await readEvents(context.store, runId);
  const step = query.step ?? firstContainer(events);
  if (step === undefined) return { items: [], nextCursor: null };
  const found = itemsOf(events, step);
  if (!found) {
    const message = 'is not a For-each with a list';
    throw new AppError('bad-request', `“${step}” ${message} in this run.`, { fields: [{ path: 'step', message }] });
  }
  const { status, from = 0 } = query;
  const page = pageAt(
    found.items.slice(from).filter((item) => status === undefined || item.status === status),
    query,
  );
  const list = page.items.length > 0 ? await loadValue(context, found.list) : [];
  return { ...page, items: page.items.map((item) => itemView(step, item, Array.isArray(list) ? list[item.index] : undefined)) };
}

function firstContainer(events: readonly JournalEvent[]): string | undefined {
  const listed = events.find((event) => event.type === 'items-listed');
  return listed?.type === 'items-listed' ? listed.stepId : undefined;
}

const itemView = (stepId: string, { index, status, startedAt, endedAt, nodeKey, result, error, fromRunId }: ItemState, value: unknown): RunItem => ({
  index,
  frame: frameId(stepId, index),
  name: nameOfItem(value) ?? null,
  item: value ?? null,
  status,
  startedAt: startedAt ?? null,
  endedAt: endedAt ?? null,
  nodeKey: nodeKey ?? null,
  result: result ?? null,
  error: error ?? null,
  fromRunId: fromRunId ?? null,
});
