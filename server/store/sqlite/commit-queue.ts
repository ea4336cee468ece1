import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers';
import type { AppError } from '@switchyard/shared/errors.ts';
import { notReady, translateSqliteError } from './sqlite-errors.ts';

/*
 * Group commit. Owns: the only write transaction of a store.
 * Invariants: 1. Writes are performed in the order they were requested. 2. A promise resolves only after the COMMIT with its write. 3. A
 * failed write changes nothing and fails no other: each is one statement that changes data, which SQLite rolls back itself.
 */

/** The most writes in one commit; then the rest of the process gets its turn. */
const BATCH_LIMIT = 512;

interface Waiting {
  /** Performs the write in the open transaction and keeps its result. */
  perform(): void;
  /** Settles the caller's promise, with a fault if the whole commit failed. */
  settle(fault: AppError | undefined): void;
}

export interface CommitQueue {
  /** Performs `operation` in the next commit. It may read, and change data with one statement. */
  write<T>(operation: () => T): Promise<T>;
  /** Why the last commit failed; undefined if it succeeded. */
  fault(): AppError | undefined;
  /** Commits pending writes at once. */
  flush(): void;
}

/** Creates the queue of a database that has no other writer. */
export const createCommitQueue = (database: DatabaseSync): CommitQueue => {
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  let waiting: Waiting[] = [];
  let scheduled = false;
  let lastFault: AppError | undefined;

  const commitBatch = (batch: readonly Waiting[]): AppError | undefined => {
    try {
      begin.run();
      for (const write of batch) write.perform();
      commit.run();
      return undefined;
    } catch (thrown) {
      if (database.isTransaction) database.exec('ROLLBACK');
      return notReady(thrown, fileOf(database));
    }
  };

  const flushBatch = (): void => {
    const batch = waiting.length > BATCH_LIMIT ? waiting.slice(0, BATCH_LIMIT) : waiting;
    waiting = waiting.slice(batch.length);
    lastFault = commitBatch(batch);
    for (const write of batch) write.settle(lastFault);
  };

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    // Not a microtask: everything from this turn of the event loop shares the commit.
    setImmediate(() => {
      scheduled = false;
      if (waiting.length === 0) return;
      flushBatch();
      if (waiting.length > 0) schedule();
    });
  };

  return {
    write: (operation) =>
      new Promise((resolve, reject) => {
        waiting.push(createWaiting(database, operation, resolve, reject));
        schedule();
      }),
    fault: () => lastFault,
    flush: () => {
      while (waiting.length > 0) flushBatch();
    },
  };
};

const fileOf = (database: DatabaseSync): string => database.location() ?? ':memory:';

const createWaiting = <T>(database: DatabaseSync, operation: () => T, resolve: (value: T) => void, reject: (reason: unknown) => void): Waiting => {
  let outcome: { readonly value: T } | { readonly error: unknown } = { error: new Error('The write was not reached') };
  return {
    perform: () => {
      try {
        outcome = { value: operation() };
      } catch (thrown) {
        // On a full disk SQLite may roll back the whole transaction: then nothing of the batch was written.
        if (!database.isTransaction) throw thrown;
        outcome = { error: translateSqliteError(thrown, fileOf(database)) };
      }
    },
    settle: (fault) => {
      if (fault) reject(fault);
      else if ('error' in outcome) reject(outcome.error);
      else resolve(outcome.value);
    },
  };
};
