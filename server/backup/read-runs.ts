import { isEnded } from '@switchyard/shared/run/state.ts';
import { type RunRecord, runs } from '../store/collections.ts';
import { findAll } from '../store/find-all.ts';
import { endingRuns, runKeys, runTokens } from '../store/policy-collections.ts';
import type { Collection, JournalRow, StoredRecord, WorkspaceReader } from '../store/port.ts';

/*
 * Reads runs with their journals while a server drives them. A record is read before its journal, so it is never ahead of it. A run with a
 * data policy is read with its keys and tokens in one state: they are deleted when it ends.
 */

/** A run as it is written to a backup. */
export interface ReadRun {
  readonly record: RunRecord;
  /** By collection: the records beside it. */
  readonly beside: ReadonlyMap<string, readonly StoredRecord[]>;
  /** Its journal, in parts. */
  rows(): AsyncIterable<readonly JournalRow[]>;
}

const PAGE = 50;
const ROWS = 100;

/** The pages of a collection by ID. */
export async function* pagesOf<T extends StoredRecord>(store: WorkspaceReader, collection: Collection<T>, limit = PAGE): AsyncGenerator<T[]> {
  let cursor: string | undefined;
  do {
    const page = await store.find(collection, { limit, ...(cursor !== undefined && { cursor }) });
    yield page.items;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

export async function* readRuns(store: WorkspaceReader): AsyncGenerator<ReadRun> {
  for await (const page of pagesOf(store, runs)) {
    for (const record of page) {
      const found = record.policy === undefined ? plainRun(store, record) : await runWithPolicy(store, record.id);
      if (found) yield found;
    }
  }
}

const plainRun = (store: WorkspaceReader, record: RunRecord): ReadRun => ({ record, beside: new Map(), rows: () => rowsOf(store, record.id) });

/** Rereads the run if it ended while it was read. Undefined if it was deleted. */
async function runWithPolicy(store: WorkspaceReader, id: string): Promise<ReadRun | undefined> {
  for (;;) {
    // Before the record: without this note, the record and its journal have no payload left to remove.
    const ending = await store.get(endingRuns, id);
    const record = await store.get(runs, id);
    if (!record) return undefined;
    const rows: JournalRow[] = [];
    for await (const part of rowsOf(store, id)) rows.push(...part);
    const key = await store.get(runKeys, id);
    const tokens = await findAll(store, runTokens, { where: { runId: id } });
    const now = isEnded(record.status) ? record : await store.get(runs, id);
    if (now === undefined || isEnded(now.status) !== isEnded(record.status)) continue;
    const beside = new Map<string, readonly StoredRecord[]>([
      [endingRuns.name, ending ? [ending] : []],
      [runKeys.name, key ? [key] : []],
      [runTokens.name, tokens],
    ]);
    return { record, beside, rows: () => inOnePart(rows) };
  }
}

async function* inOnePart(rows: readonly JournalRow[]): AsyncGenerator<readonly JournalRow[]> {
  yield rows;
}

async function* rowsOf(store: WorkspaceReader, runId: string): AsyncGenerator<JournalRow[]> {
  for (let from = 1; ; ) {
    const rows = await store.readJournal(runId, from, ROWS);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < ROWS) return;
    from = last.seq + last.events.length;
  }
}
