import { Worker } from 'node:worker_threads';
import { AppError } from '@switchyard/shared/errors.ts';
import { threadEnvironment } from '../thread-environment.ts';
import { type PoolJob, type PoolRequest, type PoolThread, type ThreadEvents, watchJob } from '../thread-pool.ts';
import { ownTurn } from '../turns.ts';
import type { DocumentJob, DocumentOutput, FromWorker } from './protocol.ts';

export interface DocumentRequest extends PoolRequest {
  readonly job: DocumentJob;
}

export type DocumentResult = { readonly output: DocumentOutput; readonly rows: readonly Readonly<Record<string, unknown>>[] } | { readonly error: AppError };

/** How long a job may take. Waiting for a thread doesn’t count. */
const TIMEOUT_MS = 60_000;
/** How much memory a thread may use: for values, and outside the heap, where most libraries keep the bytes they work on. */
const HEAP_BYTES = 512 * 1024 * 1024;
const OUTSIDE_BYTES = 512 * 1024 * 1024;
/** How often that is measured. */
const MEASURE_MS = 50;
/** The limit of the engine itself is far above: reaching it can end the whole process. */
const ENGINE_HEAP_MB = 4_096;
/** A thread that is idle for so long ends, and frees its memory. */
const IDLE_MS = 30_000;

export interface ThreadLimits {
  readonly timeoutMs: number;
  readonly heapBytes: number;
  readonly outsideBytes: number;
  readonly idleMs: number;
}
export const LIMITS: ThreadLimits = { timeoutMs: TIMEOUT_MS, heapBytes: HEAP_BYTES, outsideBytes: OUTSIDE_BYTES, idleMs: IDLE_MS };

interface Running {
  readonly job: PoolJob<DocumentRequest, DocumentResult>;
  /** Parsed in turns, in order. */
  rows: Promise<Readonly<Record<string, unknown>>[]>;
  stop(): void;
}

/** Starts a worker thread that reads and makes documents. */
export function startThread(on: ThreadEvents, limits: ThreadLimits): PoolThread<DocumentRequest, DocumentResult> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    execArgv: ['--no-warnings'],
    env: threadEnvironment(),
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: ENGINE_HEAP_MB },
  });
  // What libraries print about odd files is dropped.
  worker.stdout.resume();
  worker.stderr.resume();
  worker.unref();
  let running: Running | undefined;
  let ended = false;
  let idle: NodeJS.Timeout | undefined;

  const end = (): void => {
    if (ended) return;
    ended = true;
    clearTimeout(idle);
    void worker.terminate();
    on.end();
  };
  const finish = (result: DocumentResult): void => {
    const done = running;
    if (!done) return;
    running = undefined;
    done.stop();
    worker.unref();
    done.job.settle(result);
    if (ended) return;
    idle = setTimeout(end, limits.idleMs).unref();
    on.free();
  };
  const fail = (error: AppError): void => {
    end();
    finish({ error });
  };
  worker.on('message', (message: FromWorker) => {
    const current = running;
    if (!current || ended) return;
    if (message.kind === 'failed') finish({ error: new AppError(message.fault.code, message.fault.message) });
    else if (message.kind === 'part') current.rows = current.rows.then((rows) => withPart(rows, message.json));
    else void current.rows.then((rows) => running === current && finish({ output: message.output, rows }));
  });
  worker.on('error', (cause) => fail(threadError(cause)));
  worker.on('exit', () => fail(new AppError('cancelled', 'The server is shutting down.')));

  return {
    isFree: () => running === undefined && !ended,
    take: (job) => {
      clearTimeout(idle);
      const overdue = () =>
        fail(new AppError('too-large', `Processing the document took longer than ${limits.timeoutMs / 1_000} s. Split it into smaller files.`));
      const unneeded = () => fail(new AppError('cancelled', 'Processing the document was canceled.'));
      const stops = [
        watchJob({ timeoutMs: limits.timeoutMs, signal: job.request.signal }, { overdue, unneeded }),
        watchMemory(worker, limits, () => fail(usesTooMuch())),
      ];
      running = { job, rows: Promise.resolve([]), stop: () => stops.forEach((stop) => void stop()) };
      worker.ref();
      const { job: message } = job.request;
      worker.postMessage(message, 'content' in message ? [message.content.buffer] : []);
    },
    end,
  };
}

async function withPart<T>(rows: T[], json: string): Promise<T[]> {
  await ownTurn();
  for (const row of JSON.parse(json) as T[]) rows.push(row);
  return rows;
}

/** Measures the memory of a thread. Returns a function that stops measuring. */
function watchMemory(worker: Worker, { heapBytes, outsideBytes }: ThreadLimits, onTooMuch: () => void): () => void {
  const timer = setInterval(() => {
    // Rejects if the thread has ended, which is handled elsewhere.
    worker.getHeapStatistics().then(
      ({ used_heap_size: heap, external_memory: outside }) => (heap > heapBytes || outside > outsideBytes) && onTooMuch(),
      () => {},
    );
  }, MEASURE_MS);
  return () => clearInterval(timer);
}

const usesTooMuch = (cause?: unknown): AppError =>
  new AppError('too-large', 'Processing the document exceeded the memory limit. Split it into smaller files.', { cause });

const threadError = (cause: unknown): AppError =>
  cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? usesTooMuch(cause)
    : new AppError('internal', 'The document worker thread ended unexpectedly.', { cause });
