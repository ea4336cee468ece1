import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers';
import type { AppError } from '@switchyard/shared/errors.ts';
import { notReady, translateSqliteError } from './sqlite-errors.ts';

/*
 * Group commit. Owns: the one write transaction of a store. Invariants: 1. Writes are done in the order in which they were asked for.
 * 2. A promise resolves only after the COMMIT that holds its write. 3. A write that fails changes nothing and takes no other with it:
 * each is one statement that changes data, which SQLite undoes by itself.
 */

/** So many writes share a commit at most; then other work of the process gets its turn. */
const BATCH_LIMIT = 512;

interface Waiting {
  /** Does the write inside the open transaction and keeps what came out. */
  perform(): void;
  /** Tells the caller; with a fault when the whole commit failed. */
  settle(fault: AppError | undefined): void;
}

export interface CommitQueue {
  /** Does `operation` within the next commit. It may read, and change data with one statement. */
  write<T>(operation: () => T): Promise<T>;
  /** Why the last commit failed; undefined when it was well. */
  fault(): AppError | undefined;
  /** Commits what is waiting, at once. */
  flush(): void;
}

/** Makes the queue of a database that nothing else writes to. */
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
    // Not a microtask: everything that arrived in this turn of the event loop shall share the commit.
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
        // A full disk can make SQLite undo the whole transaction: then none of the batch was written.
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
