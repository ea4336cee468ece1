import { Worker } from 'node:worker_threads';
import { AppError } from '@switchyard/shared/errors.ts';
import { threadEnvironment } from '../../../thread-environment.ts';
import type { Collection } from '../../port.ts';
import { unpackJson } from '../commit/packed-json.ts';
import type { FindStatement } from '../find-statement.ts';
import { quote } from '../quote.ts';
import { type SearchParts, searchRecords } from '../search-records.ts';
import { notReady, translateSqliteError } from '../sqlite-errors.ts';
import type { Prepare } from '../statement-cache.ts';
import type { AsideData, AsideReply, AsideRequest, Found, SearchRequest } from './aside-messages.ts';

/*
 * Page queries of large tables, which a thread answers (aside-thread.ts). Owns: its lifetime, and which response belongs to which query.
 * The thread starts with the first query of a large table, or soon after a table has grown large, because it fills the search index. It ends
 * when the index is complete and no queries arrive. Small tables are read here: a second heap would cost more than the read.
 */

/** Tables that never had more records than this are read in this thread. */
const SMALL = 200;
/** How long queries that were sent may delay closing. */
const LAST_QUERIES_MS = 2_000;
/** How often to check whether a table has grown large. */
const CHECK_MS = 2_000;
/** Once its thread has ended, a table that grew by so many records is worth indexing. */
const GROWN = 1_000;
/** The search index as seen by a search of a small table. */
const NO_INDEX: SearchParts['index'] = { lastRow: () => 0, indexedTo: () => 0, blocks: () => [], candidates: () => undefined };

export interface Aside {
  find(table: string, statement: FindStatement): Promise<Found>;
  search(request: SearchRequest): Promise<Found>;
  close(): Promise<void>;
}

interface Asked {
  resolve(found: Found): void;
  reject(reason: unknown): void;
}

/** The file of a database's search index. */
export const searchFileOf = (file: string): string => file.replace(/(\.db)?$/, '-search.db');

interface AsideParts {
  readonly file: string;
  readonly collections: readonly Collection[];
  readonly prepare: Prepare;
  /** Reads, and translates errors. */
  reading<T>(read: () => T): T;
}

/** Prepares the page queries of a database. */
export function createAside({ file, collections, prepare, reading }: AsideParts): Aside {
  const specs = new Map(collections.flatMap(({ name, searchIndex }) => (searchIndex ? [[name, searchIndex] as const] : [])));
  const lastRow = (table: string): number => reading(() => Number(prepare(`SELECT max(rowid) AS row FROM ${quote(table)}`).get()?.row ?? 0));
  const isSmall = (table: string): boolean => lastRow(table) <= SMALL;
  /** The last row of each table when the last thread ended. */
  const indexed = new Map<string, number>();
  const hasGrown = (table: string): boolean => lastRow(table) > (indexed.has(table) ? (indexed.get(table) ?? 0) + GROWN : SMALL);
  const data: AsideData = { file, indexFile: searchFileOf(file), collections: [...specs].map(([table, spec]) => ({ table, spec })) };
  const thread = createAsideThread(data, () => {
    for (const table of specs.keys()) indexed.set(table, lastRow(table));
  });
  const startIfGrown = (): void => {
    try {
      if ([...specs.keys()].some(hasGrown)) thread.start();
    } catch {
      // The file cannot be read now. The next check tries again.
    }
  };
  const growing = specs.size === 0 ? undefined : setInterval(startIfGrown, CHECK_MS).unref();

  const findHere = ({ sql, values }: FindStatement): Found =>
    reading(() => ({
      docs: prepare(sql)
        .all(...values)
        .map((row) => unpackJson(row.doc)),
    }));

  return {
    find: async (table, find) => (isSmall(table) ? findHere(find) : thread.ask({ find })),
    search: async (search) => {
      const spec = specs.get(search.table);
      return spec && isSmall(search.table) ? reading(() => searchRecords({ spec, index: NO_INDEX, prepare }, search)) : thread.ask({ search });
    },
    close: async () => {
      clearInterval(growing);
      await thread.close();
    },
  };
}

/** The thread, once it is needed. `ended`: it had indexed everything and was not needed for some time. */
function createAsideThread(data: AsideData, ended: () => void) {
  const { file } = data;
  const asked = new Map<number, Asked>();
  const ending = new Set<Promise<void>>();
  let worker: Worker | undefined;
  let last = 0;
  let closed = false;

  function start(): Worker {
    if (worker) return worker;
    const started = new Worker(new URL('./aside-thread.ts', import.meta.url), {
      workerData: data,
      execArgv: [],
      env: threadEnvironment(),
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    });
    started.on('message', (reply: AsideReply) => ('idle' in reply ? endIdle(started) : settle(started, reply)));
    // The next query starts a new one.
    started.on('error', (error) => giveUp(started, notReady(error, file)));
    started.on('exit', () => giveUp(started, new AppError('not-ready', 'The database is closed: the server is shutting down.')));
    started.unref();
    worker = started;
    return started;
  }

  function settle(from: Worker, reply: Exclude<AsideReply, { idle: true }>): void {
    const waiting = asked.get(reply.id);
    asked.delete(reply.id);
    if (asked.size === 0) from.unref();
    if ('error' in reply) waiting?.reject(translateSqliteError(Object.assign(new Error(reply.error.message), reply.error), file));
    else waiting?.resolve(reply.found);
  }

  function endIdle(idle: Worker): void {
    if (worker !== idle || asked.size > 0) return;
    worker = undefined;
    ended();
    const end = endThread(idle).finally(() => ending.delete(end));
    ending.add(end);
  }

  function giveUp(gone: Worker, reason: AppError): void {
    if (worker !== gone) return;
    worker = undefined;
    for (const { reject } of asked.values()) reject(reason);
    asked.clear();
  }

  return {
    start: (): void => void start(),
    ask: (request: { find: FindStatement } | { search: SearchRequest }): Promise<Found> => {
      if (closed) return Promise.reject(new AppError('not-ready', 'The database is closed: the server is shutting down.'));
      const thread = start();
      return new Promise((resolve, reject) => {
        const id = ++last;
        asked.set(id, { resolve, reject });
        thread.ref();
        thread.postMessage({ id, ...request } satisfies AsideRequest);
      });
    },
    close: async (): Promise<void> => {
      closed = true;
      await Promise.all([...ending, worker && endThread(worker)]);
    },
  };
}

/**
 * Asks a thread to end. Terminating it at once could stop it between two steps of the decompressor, which makes Node abort the whole process.
 */
async function endThread(worker: Worker): Promise<void> {
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  worker.ref();
  worker.postMessage({ end: true } satisfies AsideRequest);
  const late = setTimeout(() => void worker.terminate(), LAST_QUERIES_MS);
  await ended;
  clearTimeout(late);
}
