import { availableParallelism } from 'node:os';
import { AppError } from '@switchyard/shared/errors.ts';
import { createFairQueue } from '../fair-queue.ts';
import { type CodeRequest, type CodeResult, type Job, startThread, type Thread } from './code-thread.ts';
import { type Engine, loadEngine } from './load-engine.ts';

/*
 * Evaluates user code in worker threads (S73). Owns: the threads, and whose turn it is.
 * Invariants: 1. A thread evaluates one job at a time, each in a realm of its own. 2. Code that exceeds its time ends with its thread: a
 * long native call can’t be stopped otherwise. 3. Groups take turns. 4. No thread starts before the first job.
 */

/** Rejects only with the reason of the request’s signal. */
export type RunCode = (request: CodeRequest) => Promise<CodeResult>;

export interface CodePool {
  readonly run: RunCode;
  /** Ends all threads, and what they run. */
  close(): void;
}

const DEFAULT_SIZE = Math.max(2, Math.min(4, availableParallelism()));

export function createCodePool({ size = DEFAULT_SIZE }: { readonly size?: number } = {}): CodePool {
  const queue = createFairQueue<Job>();
  const threads = new Set<Thread>();
  let engine: Engine | undefined;
  let loading: Promise<Engine> | undefined;
  let closed = false;

  const freeThread = (): Thread | undefined => {
    const free = [...threads].find((thread) => thread.isFree());
    if (free || !engine || threads.size >= size) return free;
    const thread = startThread(engine, {
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

  const run: RunCode = async (request) => {
    loading ??= loadEngine();
    engine ??= await loading;
    request.signal?.throwIfAborted();
    if (closed) throw new AppError('cancelled', 'The server is shutting down.');
    return new Promise((resolve, reject) => {
      const { signal, group } = request;
      const onAbort = (): void => {
        drop();
        reject(signal?.reason);
      };
      const settle = (result: CodeResult): void => {
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
