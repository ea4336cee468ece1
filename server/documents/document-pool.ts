import { MOST_ROWS, type ReadRows, type ReadText, type RowOptions, SEPARATORS, type WriteRequest } from '@switchyard/nodes/sdk/documents.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { createThreadPool, type PoolRequest } from '../thread-pool.ts';
import { ownTurn } from '../turns.ts';
import { type DocumentRequest, type DocumentResult, LIMITS, startThread, type ThreadLimits } from './document-thread.ts';
import type { DocumentJob, DocumentOutputs, OutputKind } from './protocol.ts';

/*
 * Reads and makes documents in worker threads. Nothing is loaded before the first one.
 * Invariants: 1. What a document costs is limited in time and memory, whatever it claims to be. 2. The server’s thread only copies bytes, and
 * turns rows from and into JSON in small parts.
 */

export interface DocumentPool {
  readText(content: Uint8Array, place: PoolRequest): Promise<ReadText>;
  readRows(content: Uint8Array, options: RowOptions, place: PoolRequest): Promise<ReadRows>;
  write(request: WriteRequest, place: PoolRequest): Promise<Uint8Array>;
  /** Ends all threads, and what they do. */
  close(): void;
}

/** How many threads there are at most. The memory that documents take together depends on it. */
const MOST_THREADS = 2;

export function createDocumentPool({ size = MOST_THREADS, limits = LIMITS }: { readonly size?: number; readonly limits?: ThreadLimits } = {}): DocumentPool {
  const pool = createThreadPool<DocumentRequest, DocumentResult>({ size, start: (on) => startThread(on, limits) });
  const perform = async <K extends OutputKind>(kind: K, job: DocumentJob, place: PoolRequest) => {
    const result = await pool.run({ job, ...place });
    if ('error' in result) throw result.error;
    const { output, rows } = result;
    if (output.kind !== kind) throw new AppError('internal', 'The document worker thread returned the wrong kind of output.');
    return { value: output.value as DocumentOutputs[K], rows };
  };
  return {
    readText: async (content, place) => (await perform('text', { kind: 'text', content: copyOf(content) }, place)).value,
    readRows: async (content, options, place) => {
      const { value, rows } = await perform('rows', { kind: 'rows', content: copyOf(content), options }, place);
      return { ...value, rows };
    },
    write: async (request, place) => (await perform('content', await jobOf(request), place)).value,
    close: pool.close,
  };
}

/** A copy that can be moved to the thread. */
const copyOf = (content: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(content);

/** How many rows become JSON at once. */
const ROWS_AT_ONCE = 200;

async function jobOf(request: WriteRequest): Promise<DocumentJob> {
  switch (request.format) {
    case 'html':
      return { kind: 'html', markdown: request.markdown, title: request.title };
    case 'json':
      await ownTurn();
      return { kind: 'json', json: JSON.stringify(request.value) };
    case 'csv': {
      const { rows, columns, separator } = request;
      if (rows.length > MOST_ROWS) throw new AppError('too-large', `The list has ${rows.length} rows. A file can have at most ${MOST_ROWS}.`);
      const parts: string[] = [];
      for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
        await ownTurn();
        parts.push(JSON.stringify(rows.slice(at, at + ROWS_AT_ONCE)));
      }
      return { kind: 'csv', parts, columns, separator: SEPARATORS[separator] };
    }
  }
}
