import { frameOf, framesAround, placeOfFrame } from '@switchyard/shared/run/address.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { subjectOf } from '@switchyard/shared/run/fold-frame.ts';
import { LRUCache } from 'lru-cache';
import type { RunRecord } from '../../store/collections.ts';
import type { Store, WorkspaceStore } from '../../store/port.ts';
import type { ServiceContext } from '../context.ts';
import { readEvents } from './journal-events.ts';

/*
 * Where the items of for-each steps are in the journals of runs that were read a moment ago (S36). Reading a page of items costs what is new in
 * the journal and the page, not the whole journal. Holds numbers and times only: values are read from the journal each time, so one that was
 * removed is gone here, too.
 */

/** An item that has begun. */
export interface IndexedItem {
  readonly startedAt: string;
  endedAt?: string;
  ending?: 'succeeded' | 'failed';
  /** The event that ended it. */
  endSeq?: number;
  nodeKey?: string;
  /** Its events, and those of the items in it. */
  readonly seqs: number[];
}

export interface IndexedContainer {
  readonly stepId: string;
  readonly count: number;
  /** The events that started it and listed its items. */
  readonly startSeq: number | undefined;
  readonly listSeq: number;
  readonly items: (IndexedItem | undefined)[];
}

export interface ItemIndex {
  /** The last event that was read. */
  seq: number;
  /** The number of events in items, which is the size of an index in memory. */
  size: number;
  /** The events that started the open steps. */
  readonly starts: Map<string, number>;
  readonly containers: Map<string, IndexedContainer>;
}

const ENDS = new Set<JournalEvent['type']>(['step-finished', 'step-failed', 'step-cancelled']);

const PAGE = 1_000;
const MOST_RUNS = 50;
const MOST_EVENTS = 2_000_000;
const KEPT_MS = 300_000;

const caches = new WeakMap<Store, LRUCache<string, { readonly index: Promise<ItemIndex> }>>();

function cacheOf(stores: Store) {
  const known = caches.get(stores) ?? new LRUCache<string, { readonly index: Promise<ItemIndex> }>({ max: MOST_RUNS, maxSize: MOST_EVENTS, ttl: KEPT_MS });
  caches.set(stores, known);
  return known;
}

/** Where the items of a run are in its journal, up to now. */
export async function itemIndex({ store, stores }: ServiceContext, { id, workspaceId }: Pick<RunRecord, 'id' | 'workspaceId'>): Promise<ItemIndex> {
  const cache = cacheOf(stores);
  const key = `${workspaceId} ${id}`;
  const before = cache.get(key)?.index ?? Promise.resolve<ItemIndex>({ seq: 0, size: 0, starts: new Map(), containers: new Map() });
  const index = before.then((known) => readOn(store, id, known));
  cache.set(key, { index }, { size: 1 });
  try {
    const read = await index;
    // Stored again once its size is known, unless another request has continued it.
    if (cache.peek(key)?.index === index) cache.set(key, { index }, { size: 1 + read.size });
    return read;
  } catch (thrown) {
    cache.delete(key);
    throw thrown;
  }
}

async function readOn(store: WorkspaceStore, runId: string, index: ItemIndex): Promise<ItemIndex> {
  for (;;) {
    const events = await readEvents(store, runId, index.seq + 1, PAGE);
    for (const event of events) note(index, event);
    if (events.length < PAGE) return index;
  }
}

function note(index: ItemIndex, event: JournalEvent): void {
  index.seq = event.seq;
  const subject = subjectOf(event);
  if (subject === undefined) return;
  if (event.type === 'step-started') index.starts.set(event.stepId, event.seq);
  else if (ENDS.has(event.type)) index.starts.delete(subject);
  if (event.type === 'items-listed') {
    const { stepId, count, seq } = event;
    index.containers.set(stepId, { stepId, count, startSeq: index.starts.get(stepId), listSeq: seq, items: [] });
  }
  const own = 'frameId' in event ? subject : frameOf(subject);
  for (const frame of framesAround(own)) noteIn(index, frame, event, frame === own);
}

function noteIn(index: ItemIndex, frame: string, event: JournalEvent, isOwn: boolean): void {
  const { containerId, item: position } = placeOfFrame(frame);
  const container = index.containers.get(containerId);
  if (!container) return;
  const item = container.items[position] ?? { startedAt: event.at, seqs: [] };
  container.items[position] = item;
  item.seqs.push(event.seq);
  index.size++;
  if (!isOwn) return;
  if (event.type === 'step-started') item.nodeKey = event.nodeKey;
  if (event.type !== 'frame-finished' && event.type !== 'frame-failed') return;
  item.ending = event.type === 'frame-finished' ? 'succeeded' : 'failed';
  item.endedAt = event.at;
  item.endSeq = event.seq;
}

/** Gaps up to this long are read along. */
const GAP = 20;

/** The events with these numbers, read together where they are close. */
export async function readSeqs(store: WorkspaceStore, runId: string, seqs: readonly number[]): Promise<JournalEvent[]> {
  const wanted = new Set(seqs);
  const ranges: { from: number; to: number }[] = [];
  for (const seq of [...wanted].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && seq - last.to <= GAP) last.to = seq;
    else ranges.push({ from: seq, to: seq });
  }
  const read = await Promise.all(ranges.map(({ from, to }) => readEvents(store, runId, from, to - from + 1)));
  return read.flat().filter(({ seq }) => wanted.has(seq));
}

/** The events that say what happened in an item: its own, those that began the for-each steps around it, and the start of the run. */
export async function eventsOfFrame(context: ServiceContext, record: Pick<RunRecord, 'id' | 'workspaceId'>, frame: string): Promise<JournalEvent[]> {
  const { containers } = await itemIndex(context, record);
  const { containerId, item } = placeOfFrame(frame);
  const own = containers.get(containerId)?.items[item]?.seqs ?? [];
  const around = framesAround(frame).flatMap((one) => {
    const container = containers.get(placeOfFrame(one).containerId);
    return container ? [container.startSeq ?? container.listSeq, container.listSeq] : [];
  });
  return readSeqs(context.store, record.id, [1, ...around, ...own]);
}
