import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { defineFunctions } from '../columns.ts';
import { unpackJson } from '../commit/packed-json.ts';
import { openSearchFile, type SearchFile } from '../search-file.ts';
import { type SearchParts, searchRecords } from '../search-records.ts';
import type { AsideData, AsideQuery, AsideReply, AsideRequest, Found } from './aside-messages.ts';

/*
 * The thread beside the event loop. It answers page queries on large collections over a read-only connection, and keeps the search index up
 * to date.
 * Invariants: 1. It never writes to the database, so it never delays a commit. 2. While records are written quickly, it leaves the
 * processor to them: records not indexed yet are searched without the index.
 */

const LOOK_MS = 1_000;
/** While queries arrive, fewer records are indexed at a time: the next query waits for them. */
const ASKED = { forMs: 5_000, records: 32 } as const;
/** Fewer records than this are not worth indexing while more are arriving. */
const LEISURE = 10_000;
const CACHE_KIB = 8_000;
/** Without a query for this long, the thread is not needed once the index is complete. */
const IDLE_MS = 60_000;

const data = workerData as AsideData;
const main = new DatabaseSync(data.file, { readOnly: true, timeout: 5_000 });
defineFunctions(main);
main.exec(`PRAGMA cache_size = -${CACHE_KIB}`);

let lastAsked = Number.NEGATIVE_INFINITY;

const statements = new Map<string, StatementSync>();
const prepare = (sql: string): StatementSync => {
  const known = statements.get(sql) ?? main.prepare(sql);
  if (statements.size >= 200) statements.clear();
  statements.set(sql, known);
  return known;
};

const searched = new Map<string, SearchParts & { readonly index: SearchFile }>(
  data.collections.map((collection) => [collection.table, { spec: collection.spec, index: openSearchFile(data.indexFile, main, collection), prepare }]),
);

function answer(request: AsideQuery): Found {
  if ('find' in request) {
    const { sql, values } = request.find;
    return {
      docs: prepare(sql)
        .all(...values)
        .map((row) => unpackJson(row.doc)),
    };
  }
  const parts = searched.get(request.search.table);
  if (!parts) throw new Error(`${request.search.table} has no search index`);
  return searchRecords(parts, request.search);
}

function listen(port: MessagePort): void {
  port.on('message', (request: AsideRequest) => {
    if ('end' in request) return process.exit();
    lastAsked = performance.now();
    let reply: AsideReply;
    try {
      reply = { id: request.id, found: answer(request) };
    } catch (thrown) {
      const errcode = thrown instanceof Error && 'errcode' in thrown ? Number(thrown.errcode) : undefined;
      reply = { id: request.id, error: { message: thrown instanceof Error ? thrown.message : String(thrown), errcode } };
    }
    port.postMessage(reply);
  });
}

/** Indexes one block at a time, so requests get their turn in between. */
function keepIndexed(index: SearchFile): void {
  let lastSeen = 0;
  const look = (): void => {
    let more = false;
    try {
      const last = index.lastRow();
      const waiting = last - index.indexedTo();
      const paused = last === lastSeen;
      lastSeen = last;
      more = waiting > 0 && (paused || waiting > LEISURE) && index.indexSome(performance.now() - lastAsked < ASKED.forMs ? ASKED.records : undefined) > 0;
    } catch {
      // The disk is full, or the file is locked. Searching works without the index, only more slowly.
    }
    if (more) setImmediate(look);
    else setTimeout(look, LOOK_MS);
  };
  look();
}

/** Reports again while the thread runs: a query may have been on its way. */
function reportIdle(port: MessagePort): void {
  const isIdle = [...searched.values()].every(({ index }) => index.lastRow() <= index.indexedTo()) && performance.now() - lastAsked > IDLE_MS;
  if (isIdle) port.postMessage({ idle: true } satisfies AsideReply);
}

if (parentPort) {
  const port = parentPort;
  listen(port);
  setInterval(() => reportIdle(port), LOOK_MS).unref();
}
for (const { index } of searched.values()) keepIndexed(index);
