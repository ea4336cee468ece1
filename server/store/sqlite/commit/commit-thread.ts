import { Worker } from 'node:worker_threads';
import { AppError } from '@switchyard/shared/errors.ts';
import { threadEnvironment } from '../../../thread-environment.ts';
import { notReady } from '../sqlite-errors.ts';
import type { Outcome, Write, WriteError, WrittenTable } from './write.ts';

/*
 * The lifetime of the commit thread (commit-worker.ts). Owns: when it exists. It starts when writes are frequent and ends when they no
 * longer are, so a quiet server has no second heap.
 */

/** Average number of writes per commit from which the thread pays off. */
const CROWD = 4;
/** Below this average, the server’s own thread commits again: handing over a batch costs more than its commit. */
const FEW = 3;
/** How much one commit changes the average. */
const WEIGHT = 0.02;
/** The thread ends after this time without frequent writes. */
const IDLE_MS = 30_000;

export interface ThreadSettings {
  readonly file: string;
  readonly busyTimeoutMs: number;
  readonly tables: readonly WrittenTable[];
}

/** Messages to the thread: a batch, or the request to end. */
export type ThreadRequest = { readonly batch: readonly Write[] } | { readonly end: true };
export type ThreadReply = { readonly ready: true } | { readonly outcomes: readonly Outcome[] } | { readonly fault: WriteError };

export interface CommitThread {
  /** Records how many writes are waiting for a commit. */
  noteBatch(size: number): void;
  isReady(): boolean;
  /** Whether writes are frequent enough to use the thread. */
  isWorthIt(): boolean;
  /** It always commits, and is still starting. */
  isExpected(): boolean;
  /** Commits a batch. Rejects with an AppError `not-ready` if the commit failed or the thread ended. */
  commit(batch: readonly Write[]): Promise<readonly Outcome[]>;
  stop(): Promise<void>;
}

interface Pending {
  resolve(outcomes: readonly Outcome[]): void;
  reject(reason: AppError): void;
}

interface ThreadLife {
  /** Even if writes are not frequent. */
  readonly always: boolean;
  onReady(): void;
}

export function createCommitThread(settings: ThreadSettings, { always, onReady }: ThreadLife): CommitThread {
  const { file } = settings;
  let worker: Worker | undefined;
  let ready = false;
  let pending: Pending[] = [];
  let average = 0;
  let crowdedAt = 0;
  let closed = false;
  const idle = setInterval(() => void endIfIdle(), IDLE_MS).unref();

  const start = (): void => {
    const started = new Worker(new URL('./commit-worker.ts', import.meta.url), { workerData: settings, execArgv: [], env: threadEnvironment() });
    started.on('message', (reply: ThreadReply) => {
      if ('ready' in reply) {
        ready = worker === started && !closed;
        if (pending.length === 0) started.unref();
        onReady();
        return;
      }
      const waiting = pending.shift();
      if (pending.length === 0) started.unref();
      if ('fault' in reply) waiting?.reject(notReady(Object.assign(new Error(reply.fault.message), reply.fault), file));
      else waiting?.resolve(reply.outcomes);
    });
    // Without the thread, the server's own thread commits again.
    started.on('error', (error) => giveUp(started, notReady(error, file)));
    started.on('exit', () => giveUp(started, new AppError('not-ready', 'The commit thread ended.')));
    if (!always) started.unref();
    worker = started;
  };

  const giveUp = (ended: Worker, reason: AppError): void => {
    if (worker !== ended) return;
    worker = undefined;
    ready = false;
    average = 0;
    for (const { reject } of pending) reject(reason);
    pending = [];
  };

  const end = async (): Promise<void> => {
    const ending = worker;
    if (!ending) return;
    ready = false;
    ending.ref();
    const ended = new Promise((resolve) => ending.once('exit', resolve));
    ending.postMessage({ end: true } satisfies ThreadRequest);
    await ended;
  };

  const endIfIdle = async (): Promise<void> => {
    if (ready && pending.length === 0 && !always && performance.now() - crowdedAt > IDLE_MS) await end();
  };

  return {
    noteBatch: (size) => {
      if (closed) return;
      average += (size - average) * WEIGHT;
      if (average >= CROWD) crowdedAt = performance.now();
      if (!worker && (always || average >= CROWD)) start();
    },
    isReady: () => ready,
    isWorthIt: () => always || average >= FEW,
    isExpected: () => always && worker !== undefined && !ready && !closed,
    commit: (batch) =>
      new Promise((resolve, reject) => {
        pending.push({ resolve, reject });
        worker?.ref();
        worker?.postMessage({ batch } satisfies ThreadRequest);
      }),
    stop: async () => {
      closed = true;
      clearInterval(idle);
      await end();
    },
  };
}
