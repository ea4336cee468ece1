import { setImmediate as othersFirst } from 'node:timers/promises';
import type { BlobLocks } from './blob-locks.ts';
import { reviews, runs } from './collections.ts';
import { blobs, looseBlobs } from './pieces/piece-collections.ts';
import type { Collection, StoredRecord, WorkspaceStore } from './port.ts';
import { REMEMBERED_MS } from './recent-blobs.ts';
import { pins } from './registry-collections.ts';
import { stateChanges, stateEntries } from './state/state-collections.ts';

/*
 * Frees large values and files that nothing refers to (S28, S74): those of steps that were canceled or interrupted by a crash before their
 * event was written, of requests that started no run, and of removed payloads. Owns: when a blob is certainly unused.
 * Invariants: 1. A blob is loose from when it is written until a run is found that refers to it; since runs are kept, it is never loose
 * again. 2. A loose blob is removed only a day after it was last written, once every run and journal was read and none names it, and no run
 * in progress may be about to. 3. Its loose record says that it is being removed before its pieces are deleted, and is deleted after them.
 * No process writes the blob in between, and the next pass finishes what a crash interrupted.
 */

const DAY_MS = 86_400_000;
/** How many blobs one pass looks for. */
const MOST = 10_000;
/** How many records or journal rows are in memory at once. */
const PAGE = 50;
const REFERENCE = /"\$(?:blob|file)":"([0-9a-f]{64})"/g;

interface Parts {
  readonly store: WorkspaceStore;
  readonly locks: BlobLocks;
  readonly now: () => Date;
}

/** Sweeps a workspace's blobs at most once a day, yielding to other work. Ends early on `stop`. */
export function createBlobSweep(parts: Parts): (stop: AbortSignal) => Promise<void> {
  let nextAt = Number.NEGATIVE_INFINITY;
  return async (stop) => {
    const begun = parts.now().getTime();
    if (begun < nextAt) return;
    await sweep(parts, stop);
    nextAt = begun + DAY_MS;
  };
}

async function sweep({ store, locks, now }: Parts, stop: AbortSignal): Promise<void> {
  const to = await surelyWrittenDown(store, now());
  const { items } = await store.find(looseBlobs, { range: { field: 'at', to }, order: { field: 'at' }, limit: MOST });
  const loose = new Map(items.map(({ id, at }) => [id, at]));
  if (loose.size > 0) await findReferred(store, loose, stop);
  for (const [hash, at] of loose) {
    if (stop.aborted) return;
    await locks.remove(hash, () => remove(store, hash, at));
  }
}

/** Every reference to blobs written before this time is in the store: a day has passed, and the runs of that time have ended. */
async function surelyWrittenDown(store: WorkspaceStore, now: Date): Promise<string> {
  const dayAgo = now.getTime() - DAY_MS;
  const { items } = await store.find(runs, { where: { status: ['queued', 'running'] }, order: { field: 'createdAt' }, limit: 1 });
  // A run may refer to a blob that was written a little earlier and is remembered.
  const beforeOldest = items[0] ? Date.parse(items[0].createdAt) - REMEMBERED_MS : dayAgo;
  return new Date(Math.min(dayAgo, beforeOldest)).toISOString();
}

/**
 * Removes from `loose` the blobs that something refers to. Newest runs first: they usually refer to all of them, and the rest need not be read.
 */
async function findReferred(store: WorkspaceStore, loose: Map<string, string>, stop: AbortSignal): Promise<void> {
  // These can be deleted at any time, so what they refer to stays loose.
  for await (const part of partsBesideRuns(store)) for (const hash of hashesIn(part)) loose.delete(hash);
  if (loose.size === 0) return;
  for await (const part of partsOfRuns(store)) {
    for (const hash of hashesIn(part)) {
      if (loose.delete(hash)) await store.delete(looseBlobs, hash);
    }
    if (loose.size === 0 || stop.aborted) return;
    await othersFirst();
  }
}

const hashesIn = (part: unknown): string[] => [...JSON.stringify(part).matchAll(REFERENCE)].map(([, hash = '']) => hash);

/** What may refer to a file beside runs: stored state and pinned outputs. */
async function* partsBesideRuns(store: WorkspaceStore): AsyncGenerator<unknown> {
  yield* pagesOf(store, stateEntries);
  yield* pagesOf(store, stateChanges);
  yield* pagesOf(store, pins);
}

async function* pagesOf<T extends StoredRecord>(store: WorkspaceStore, collection: Collection<T>): AsyncGenerator<unknown> {
  let cursor: string | null = null;
  do {
    const page: { items: T[]; nextCursor: string | null } = await store.find(collection, { limit: PAGE, ...(cursor !== null && { cursor }) });
    if (page.items.length > 0) yield page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}

/** Everything that may contain a reference: what each run started with and returned, its reviews, and its journal. */
async function* partsOfRuns(store: WorkspaceStore): AsyncGenerator<unknown> {
  let cursor: string | null = null;
  do {
    const page: { items: { id: string; triggerData: unknown; output: unknown }[]; nextCursor: string | null } = await store.find(runs, {
      order: { field: 'createdAt', descending: true },
      limit: PAGE,
      ...(cursor !== null && { cursor }),
    });
    for (const { id, triggerData, output } of page.items) {
      yield [triggerData, output];
      yield (await store.find(reviews, { where: { runId: id }, limit: 1000 })).items.map(({ whole }) => whole);
      yield* partsOfJournal(store, id);
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
}

async function* partsOfJournal(store: WorkspaceStore, runId: string): AsyncGenerator<unknown> {
  for (let from = 1; ; ) {
    const rows = await store.readJournal(runId, from, PAGE);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    from = last.seq + last.events.length;
  }
}

/** A longer removal stops, because a writer doesn't wait forever (payloads.ts). The next pass finishes it. */
const LONGEST_REMOVAL_MS = 10_000;

/** Keeps a blob that was written again since. */
async function remove(store: WorkspaceStore, hash: string, at: string): Promise<void> {
  const began = performance.now();
  const loose = await store.get(looseBlobs, hash);
  if (loose?.at !== at) return;
  if (!loose.isBeingRemoved && !(await store.update(looseBlobs, hash, { isBeingRemoved: true }, { equal: { at, isBeingRemoved: null } }))) return;
  for (;;) {
    const { items } = await store.find(blobs, { where: { hash }, order: { field: 'number' }, limit: 4 });
    if (items.length === 0) break;
    if (performance.now() - began > LONGEST_REMOVAL_MS) return;
    for (const { id } of items) await store.delete(blobs, id);
  }
  await store.delete(looseBlobs, hash);
}
