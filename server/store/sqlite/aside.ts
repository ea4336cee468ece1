import { Worker } from 'node:worker_threads';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Collection } from '../port.ts';
import type { AsideData, AsideReply, AsideRequest, Found, SearchRequest } from './aside-messages.ts';
import type { FindStatement } from './find-statement.ts';
import { notReady, translateSqliteError } from './sqlite-errors.ts';

/*
 * Access to the thread that answers page queries (aside-thread.ts). Owns: its lifetime, and which response belongs to which query. The
 * thread starts with the first query, or a moment after the store opens, because it fills the search index.
 */

/** Opening the store and recovering runs come first. */
const START_MS = 2_000;

export interface Aside {
  find(statement: FindStatement): Promise<Found>;
  search(request: SearchRequest): Promise<Found>;
  close(): Promise<void>;
}

interface Asked {
  resolve(found: Found): void;
  reject(reason: unknown): void;
}

/** The file of a database's search index. */
export const searchFileOf = (file: string): string => file.replace(/(\.db)?$/, '-search.db');

/** Prepares the thread of a database. */
export function createAside(file: string, collections: readonly Collection[]): Aside {
  const data: AsideData = {
    file,
    indexFile: searchFileOf(file),
    collections: collections.flatMap(({ name, searchIndex }) => (searchIndex ? [{ table: name, spec: searchIndex }] : [])),
  };
  const asked = new Map<number, Asked>();
  let worker: Worker | undefined;
  let last = 0;
  let closed = false;
  const starting = data.collections.length === 0 ? undefined : setTimeout(start, START_MS).unref();

  function start(): Worker {
    clearTimeout(starting);
    if (worker) return worker;
    const started = new Worker(new URL('./aside-thread.ts', import.meta.url), {
      workerData: data,
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    });
    started.on('message', (reply: AsideReply) => {
      const waiting = asked.get(reply.id);
      asked.delete(reply.id);
      if (asked.size === 0) started.unref();
      if ('error' in reply) waiting?.reject(translateSqliteError(Object.assign(new Error(reply.error.message), reply.error), file));
      else waiting?.resolve(reply.found);
    });
    // The next query starts a new one.
    started.on('error', (error) => giveUp(started, notReady(error, file)));
    started.on('exit', () => giveUp(started, new AppError('not-ready', 'The database is closed: the server is shutting down.')));
    started.unref();
    worker = started;
    return started;
  }

  function giveUp(ended: Worker, reason: AppError): void {
    if (worker !== ended) return;
    worker = undefined;
    for (const { reject } of asked.values()) reject(reason);
    asked.clear();
  }

  const ask = (request: { find: FindStatement } | { search: SearchRequest }): Promise<Found> => {
    if (closed) return Promise.reject(new AppError('not-ready', 'The database is closed: the server is shutting down.'));
    const thread = start();
    return new Promise((resolve, reject) => {
      const id = ++last;
      asked.set(id, { resolve, reject });
      thread.ref();
      thread.postMessage({ id, ...request } satisfies AsideRequest);
    });
  };

  return {
    find: (find) => ask({ find }),
    search: (search) => ask({ search }),
    close: async () => {
      closed = true;
      clearTimeout(starting);
      await worker?.terminate();
    },
  };
}
