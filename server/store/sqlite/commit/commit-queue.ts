import { setImmediate } from 'node:timers';
import { AppError } from '@switchyard/shared/errors.ts';
import { notReady } from '../sqlite-errors.ts';
import { createCommitThread, type ThreadSettings } from './commit-thread.ts';
import type { CommitBatch } from './perform-writes.ts';
import type { Outcome, Write, WriteError, WriteValue } from './write.ts';

/*
 * Group commit. Owns: which writes share a commit, and which thread performs it.
 * Invariants: 1. Writes are committed in the order they were requested, one batch at a time. 2. A promise settles only after the commit of
 * its write. 3. A failed write fails no other write.
 * A commit waits for the disk. With few callers, this thread is fastest and needs no second one. With many, the commit thread takes over,
 * so this one can continue with requests.
 */

/** Maximum number of writes per commit. */
const BATCH_LIMIT = 512;
/** The next batch is already with the thread when it finishes one. */
const IN_FLIGHT = 2;

export interface CommitQueue {
  /** Commits a write. Rejects with the error returned by `explain`. */
  write(write: Write): Promise<WriteValue>;
  /** Why the last commit failed. `undefined` if it succeeded. */
  fault(): AppError | undefined;
  /** Commits pending writes, and ends the thread. */
  close(): Promise<void>;
}

interface Waiting {
  readonly write: Write;
  resolve(value: WriteValue): void;
  reject(reason: unknown): void;
}

export interface CommitQueueOptions {
  readonly commitHere: CommitBatch;
  readonly thread: ThreadSettings;
  /** When the commit thread takes over. Default: under many concurrent writes. */
  readonly threaded?: Threaded | undefined;
  /** The error that the caller of a write gets. */
  explain(write: Write, error: WriteError): unknown;
}

export type Threaded = 'when-crowded' | 'always';

/** Creates the queue of a database. */
export function createCommitQueue({ commitHere, thread: settings, threaded = 'when-crowded', explain }: CommitQueueOptions): CommitQueue {
  const thread = createCommitThread(settings, { always: threaded === 'always', onReady: () => schedule() });
  const inFlight = new Set<Promise<void>>();
  let waiting: Waiting[] = [];
  let scheduled = false;
  let lastFault: AppError | undefined;

  const takeBatch = () => {
    const batch = waiting.length > BATCH_LIMIT ? waiting.slice(0, BATCH_LIMIT) : waiting;
    waiting = waiting.slice(batch.length);
    return {
      writes: batch.map(({ write }) => write),
      settle: (outcomes: readonly Outcome[]): void => {
        lastFault = undefined;
        settleAll(batch, outcomes, explain);
      },
      fail: (thrown: unknown): void => {
        const fault = thrown instanceof AppError ? thrown : notReady(thrown, settings.file);
        lastFault = fault;
        for (const { reject } of batch) reject(fault);
      },
    };
  };

  const flushHere = (): void => {
    const { writes, settle, fail } = takeBatch();
    let outcomes: Outcome[];
    try {
      outcomes = commitHere(writes);
    } catch (thrown) {
      fail(thrown);
      return;
    }
    settle(outcomes);
  };

  const flushThere = (): void => {
    const { writes, settle, fail } = takeBatch();
    const committed = thread
      .commit(writes)
      .then(settle, fail)
      .then(() => {
        inFlight.delete(committed);
        if (waiting.length > 0) schedule();
      });
    inFlight.add(committed);
  };

  const flush = (): void => {
    scheduled = false;
    if (waiting.length === 0 || inFlight.size >= IN_FLIGHT) return;
    thread.noteBatch(waiting.length);
    if (thread.isExpected()) return;
    // While the thread commits, the next batch also goes to it, to keep the order.
    if (thread.isReady() && (thread.isWorthIt() || inFlight.size > 0)) flushThere();
    // Two threads never write at the same time.
    else if (inFlight.size === 0) flushHere();
    if (waiting.length > 0 && inFlight.size < IN_FLIGHT) schedule();
  };

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    // Not a microtask: everything from this turn of the event loop shares the commit.
    setImmediate(flush);
  };

  const write = (asked: Write): Promise<WriteValue> =>
    new Promise((resolve, reject) => {
      waiting.push({ write: asked, resolve, reject });
      schedule();
    });

  const close = async (): Promise<void> => {
    await Promise.all(inFlight);
    await thread.stop();
    while (waiting.length > 0) flushHere();
  };
  return { write, fault: () => lastFault, close };
}

function settleAll(batch: readonly Waiting[], outcomes: readonly Outcome[], explain: CommitQueueOptions['explain']): void {
  for (const [index, { write, resolve, reject }] of batch.entries()) {
    const outcome = outcomes[index] ?? { error: { message: 'The write has no outcome' } };
    if ('error' in outcome) reject(explain(write, outcome.error));
    else resolve(outcome.value);
  }
}
