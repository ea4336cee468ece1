import type { RunItem } from '@switchyard/shared/contracts/runs.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { frameId } from '@switchyard/shared/run/address.ts';
import { type ItemStatus, statusOfItem } from '@switchyard/shared/run/fold-frame.ts';
import { nameOfItem } from '@switchyard/shared/run/item-name.ts';
import type { ContainerState } from '@switchyard/shared/run/state.ts';
import type { RunRecord } from '../../store/collections.ts';
import type { ServiceContext } from '../context.ts';
import { getRunRecord, type Page, type PageQuery, pageAt } from './get-run.ts';
import { type IndexedContainer, type IndexedItem, itemIndex, readSeqs } from './item-index.ts';
import { loadValue } from './load-value.ts';
import { readState } from './run-states.ts';

interface ItemQuery extends PageQuery {
  readonly step?: string | undefined;
  readonly status?: ItemStatus | undefined;
  readonly from?: number | undefined;
}

/** The items of a for-each step, in order, also those whose steps have left the state of the run (S36). */
export async function listRunItems(context: ServiceContext, runId: string, query: ItemQuery): Promise<Page<RunItem>> {
  const record = await getRunRecord(context, runId);
  const { containers } = await itemIndex(context, record);
  const step = query.step ?? containers.keys().next().value;
  if (step === undefined) return { items: [], nextCursor: null };
  const container = containers.get(step);
  if (!container) {
    const message = 'is not a For-each with a list';
    throw new AppError('bad-request', `“${step}” ${message} in this run.`, { fields: [{ path: 'step', message }] });
  }
  const open = await openContainer(context, record, step);
  const statusOf = (index: number) => statusIn(container, open, index);
  const { status, from = 0 } = query;
  const wanted = Array.from({ length: Math.max(0, container.count - from) }, (_, place) => from + place);
  const page = pageAt(status === undefined ? wanted : wanted.filter((index) => statusOf(index) === status), query);
  const endings = await endingsOf(context, runId, container, page.items);
  const list = page.items.length > 0 ? await loadList(context, runId, container) : [];
  const views = page.items.map((index) =>
    itemView({ stepId: step, index, status: statusOf(index), item: container.items[index], ending: endings.get(index), value: list[index] }),
  );
  return { ...page, items: views };
}

/** Of an ended run, nothing is open, and its state need not be read. */
async function openContainer(context: ServiceContext, record: RunRecord, step: string): Promise<ContainerState | undefined> {
  return record.endedAt === null ? (await readState(context, record)).containers.get(step) : undefined;
}

function statusIn({ items }: IndexedContainer, open: ContainerState | undefined, index: number): ItemStatus {
  const item = items[index];
  if (!item) return 'not-started';
  return item.ending ?? (open ? statusOfItem(open, index) : 'cancelled');
}

async function loadList(context: ServiceContext, runId: string, { listSeq }: IndexedContainer): Promise<readonly unknown[]> {
  const [listed] = await readSeqs(context.store, runId, [listSeq]);
  const list = listed?.type === 'items-listed' ? await loadValue(context, listed.items) : undefined;
  return Array.isArray(list) ? list : [];
}

interface Ending {
  readonly result?: unknown;
  readonly error?: RunItem['error'];
  readonly fromRunId?: string | undefined;
}

/** What the events say that ended these items. */
async function endingsOf({ store }: ServiceContext, runId: string, { items }: IndexedContainer, indexes: readonly number[]): Promise<Map<number, Ending>> {
  const bySeq = new Map(indexes.flatMap((index) => (items[index]?.endSeq === undefined ? [] : [[items[index].endSeq, index] as const])));
  const events = await readSeqs(store, runId, [...bySeq.keys()]);
  return new Map(
    events.flatMap((event): [number, Ending][] => {
      const index = bySeq.get(event.seq);
      if (index === undefined) return [];
      if (event.type === 'frame-finished') return [[index, { result: event.result, fromRunId: event.fromRunId }]];
      return event.type === 'frame-failed' ? [[index, { error: event.error }]] : [];
    }),
  );
}

interface Viewed {
  readonly stepId: string;
  readonly index: number;
  readonly status: ItemStatus;
  readonly item: IndexedItem | undefined;
  readonly ending: Ending | undefined;
  readonly value: unknown;
}

const itemView = ({ stepId, index, status, item, ending, value }: Viewed): RunItem => ({
  index,
  frame: frameId(stepId, index),
  name: nameOfItem(value) ?? null,
  item: value ?? null,
  status,
  startedAt: item?.startedAt ?? null,
  endedAt: item?.endedAt ?? null,
  nodeKey: item?.nodeKey ?? null,
  result: ending?.result ?? null,
  error: ending?.error ?? null,
  fromRunId: ending?.fromRunId ?? null,
});
