import { availableParallelism } from 'node:os';
import { AppError } from '@switchyard/shared/errors.ts';
import { createFairQueue } from './fair-queue.ts';

/*
 * Shares a few worker threads among jobs. Owns: the threads, and whose turn it is.
 * Invariants: 1. A thread does one job at a time. 2. Groups take turns. 3. No thread starts before the first job.
 */

export interface PoolRequest {
  /** Groups take turns. */
  readonly group: string;
  readonly signal?: AbortSignal | undefined;
}

export interface PoolJob<Request, Result> {
  readonly request: Request;
  settle(result: Result): void;
}

/** What a thread reports to its pool: it can take the next job, or it takes no more. */
export interface ThreadEvents {
  free(): void;
  end(): void;
}

export interface PoolThread<Request, Result> {
  isFree(): boolean;
  take(job: PoolJob<Request, Result>): void;
  /** Ends the thread, and the job it does. */
  end(): void;
}

export interface ThreadPool<Request, Result> {
  /** Rejects only with the reason of the request’s signal, or with AppError `cancelled` once the pool is closed. */
  run(request: Request): Promise<Result>;
  close(): void;
}

const DEFAULT_SIZE = Math.max(2, Math.min(4, availableParallelism()));

interface PoolParts<Request, Result> {
  /** How many threads there may be. */
  readonly size?: number | undefined;
  readonly start: (on: ThreadEvents) => PoolThread<Request, Result>;
}

export function createThreadPool<Request extends PoolRequest, Result>({ size = DEFAULT_SIZE, start }: PoolParts<Request, Result>): ThreadPool<Request, Result> {
  const queue = createFairQueue<PoolJob<Request, Result>>();
  const threads = new Set<PoolThread<Request, Result>>();
  let closed = false;

  const freeThread = (): PoolThread<Request, Result> | undefined => {
    const free = [...threads].find((thread) => thread.isFree());
    if (free || threads.size >= size) return free;
    const thread = start({
      free: serve,
      end: () => {
        threads.delete(thread);
        serve();
      },
    });
    threads.add(thread);
    return thread;
  };

  function serve(): void {
    for (let job = queue.peek(); job && !closed; job = queue.peek()) {
      const thread = freeThread();
      if (!thread) return;
      queue.shift();
      thread.take(job);
    }
  }

  const run = async (request: Request): Promise<Result> => {
    const { signal, group } = request;
    signal?.throwIfAborted();
    if (closed) throw new AppError('cancelled', 'The server is shutting down.');
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        drop();
        reject(signal?.reason);
      };
      const settle = (result: Result): void => {
        signal?.removeEventListener('abort', onAbort);
        resolve(result);
      };
      const drop = queue.push(group, '', { request, settle });
      signal?.addEventListener('abort', onAbort, { once: true });
      serve();
    });
  };
  const close = (): void => {
    closed = true;
    for (const thread of threads) thread.end();
  };
  return { run, close };
}

/** How long a job whose result is no longer needed may still run. Ending its thread costs more than most jobs. */
const GRACE_MS = 100;

/** Watches a running job. Calls `overdue` after its time, and `unneeded` soon after its signal aborts. Returns a function that stops watching. */
export function watchJob(
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
  on: { overdue(): void; unneeded(): void },
): () => void {
  const timer = setTimeout(on.overdue, timeoutMs);
  let grace: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    grace = setTimeout(on.unneeded, GRACE_MS);
  };
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  return () => {
    clearTimeout(timer);
    clearTimeout(grace);
    signal?.removeEventListener('abort', onAbort);
  };
}
