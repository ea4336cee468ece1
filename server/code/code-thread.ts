import { Worker } from 'node:worker_threads';
import { AppError } from '@switchyard/shared/errors.ts';
import type { ConsoleLine } from '@switchyard/shared/run/events.ts';
import { threadEnvironment } from '../thread-environment.ts';
import { type PoolJob, type PoolRequest, type PoolThread, type ThreadEvents, watchJob } from '../thread-pool.ts';
import { isLarge, ownTurn } from '../turns.ts';
import type { Engine } from './load-engine.ts';
import type { CodeFault, CodeJob, FromWorker } from './protocol.ts';

export interface CodeRequest extends CodeJob, PoolRequest {
  /** Fails the code once it has run for so long. Waiting for a thread doesn’t count. */
  readonly timeoutMs: number;
}

export interface CodeResult {
  readonly console: readonly ConsoleLine[];
  /** Lines that are not in `console`. */
  readonly leftOut: number;
  /** How long it ran. */
  readonly ms: number;
  readonly outcome: { readonly output: unknown } | { readonly error: AppError };
}

type Job = PoolJob<CodeRequest, CodeResult>;
export type Thread = PoolThread<CodeRequest, CodeResult>;

interface Running {
  readonly job: Job;
  readonly lines: ConsoleLine[];
  stop(): void;
}

export function startThread(engine: Engine, on: ThreadEvents): Thread {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { engine },
    execArgv: ['--no-warnings'],
    env: threadEnvironment(),
    resourceLimits: { maxOldGenerationSizeMb: 192 },
  });
  worker.unref();
  let running: Running | undefined;
  let ended = false;

  const end = (): void => {
    if (ended) return;
    ended = true;
    void worker.terminate();
    on.end();
  };
  const finish = (result: Pick<CodeResult, 'ms' | 'leftOut' | 'outcome'>): void => {
    const done = running;
    if (!done) return;
    running = undefined;
    done.stop();
    worker.unref();
    done.job.settle({ console: done.lines, ...result });
    if (!ended) on.free();
  };
  const fail = (error: AppError, ms: number): void => {
    end();
    finish({ ms, leftOut: 0, outcome: { error } });
  };
  worker.on('message', (message: FromWorker) => {
    if (!running || ended) return;
    if (message.kind === 'console') running.lines.push(message.line);
    else if (message.kind === 'started') running.stop = limit(running.job.request, fail);
    else void outcomeOf(message).then((outcome) => finish({ ms: message.ms, leftOut: message.leftOut, outcome }));
  });
  worker.on('error', (cause) => fail(threadError(cause), 0));
  worker.on('exit', () => fail(new AppError('cancelled', 'The server is shutting down.'), 0));

  return {
    isFree: (): boolean => running === undefined && !ended,
    take: (job: Job): void => {
      running = { job, lines: [], stop: () => {} };
      worker.ref();
      const { source, helpers, scope, now, seed } = job.request;
      worker.postMessage({ source, helpers, scope, now, seed } satisfies CodeJob);
    },
    end,
  };
}

/** Fails a job after its time, or soon after its result is no longer needed. Returns a function that stops watching. */
function limit({ timeoutMs, signal }: CodeRequest, fail: (error: AppError, ms: number) => void): () => void {
  return watchJob(
    { timeoutMs, signal },
    {
      overdue: () => fail(new AppError('code-failed', `The code ran longer than ${timeoutMs / 1_000} s.`), timeoutMs),
      unneeded: () => fail(new AppError('cancelled', 'The code was stopped.'), 0),
    },
  );
}

const threadError = (cause: unknown): AppError =>
  cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? new AppError('code-failed', 'The code exceeded the memory limit.', { cause })
    : new AppError('internal', 'The sandbox ended unexpectedly.', { cause });

async function outcomeOf(message: Extract<FromWorker, { kind: 'done' | 'failed' }>): Promise<CodeResult['outcome']> {
  if (message.kind === 'failed') return { error: codeError(message.fault) };
  if (isLarge(message.output.length)) await ownTurn();
  return { output: JSON.parse(message.output) };
}

function codeError({ message, line, column, inHelpers }: CodeFault): AppError {
  const where = line === undefined ? '' : ` (${inHelpers ? 'helpers, ' : ''}line ${line}${column === undefined ? '' : `, column ${column}`})`;
  return new AppError('code-failed', `${message}${where}`, {
    details: { ...(line !== undefined && { line }), ...(column !== undefined && { column }), ...(inHelpers && { inHelpers }) },
  });
}
