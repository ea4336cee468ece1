import { createHash, type Hash } from 'node:crypto';
import { runs, settings } from '../collections.ts';
import type { Collection, JournalRow, StoredRecord, WorkspaceStore } from '../port.ts';
import { COPY_MARK } from './copy-mark.ts';

/** The number of records, and a SHA-256 over all of them ordered by ID. */
export interface Fingerprint {
  readonly count: number;
  readonly hash: string;
}

const PAGE = 50;
const ROWS = 100;

/** A record as text, independent of the order in which a store keeps its fields. */
export const canonical = (record: object): string =>
  JSON.stringify(
    Object.keys(record)
      .sort()
      .map((field) => [field, Reflect.get(record, field)]),
  );

/** The pages of a collection by ID, without the copy mark. */
export async function* pagesOf<T extends StoredRecord>(store: WorkspaceStore, collection: Collection<T>): AsyncGenerator<T[]> {
  let cursor: string | undefined;
  do {
    const page = await store.find(collection, { limit: PAGE, ...(cursor !== undefined && { cursor }) });
    yield collection.name === settings.name ? page.items.filter((record) => record.id !== COPY_MARK) : page.items;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

/** The journal of a run, in parts. */
export async function* rowsOf(store: WorkspaceStore, runId: string): AsyncGenerator<JournalRow[]> {
  for (let from = 1; ; ) {
    const rows = await store.readJournal(runId, from, ROWS);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < ROWS) return;
    from = last.seq + last.events.length;
  }
}

/** Counts and hashes the records of a collection. */
export const fingerprint = async (store: WorkspaceStore, collection: Collection): Promise<Fingerprint> => {
  const total = createTotal();
  for await (const page of pagesOf(store, collection)) for (const record of page) total.add(canonical(record));
  return total.result();
};

/** Counts and hashes the journals of all runs. */
export const journalFingerprint = async (store: WorkspaceStore): Promise<Fingerprint> => {
  const total = createTotal();
  for await (const page of pagesOf(store, runs)) {
    for (const run of page) for await (const rows of rowsOf(store, run.id)) for (const row of rows) total.add(canonical(row));
  }
  return total.result();
};

const createTotal = (): { add(text: string): void; result(): Fingerprint } => {
  const hash: Hash = createHash('sha256');
  let count = 0;
  return {
    add: (text) => {
      count++;
      hash.update(text).update('\n');
    },
    result: () => ({ count, hash: hash.digest('hex') }),
  };
};
