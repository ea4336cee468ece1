import { setImmediate } from 'node:timers';
import mongoose, { type mongo } from 'mongoose';
import { MOST_CONFLICTS } from './conflicts.ts';
import { withinTime } from './deadline.ts';
import { type Failure, isConflict, isCutOff, isForGood, notReady } from './mongo-errors.ts';
import type { Presence } from './presence.ts';

/*
 * Group commit. Owns: batches of writes to one collection.
 * Invariants: 1. Writes of one turn of the event loop go as one unordered batch; while several batches are in flight, new writes share the
 * next one. 2. A promise resolves only after its write was acknowledged by the majority and journaled. 3. Each write fails independently,
 * unless the batch as a whole may not be safe.
 */

/** The most writes in one batch. */
const BATCH_LIMIT = 512;
/** The most batches of a collection in flight. */
const UNDER_WAY = 4;
/** A batch that takes longer is abandoned, and its slot is free. */
const ANSWER_MS = 10_000;

type NativeCollection = mongoose.Collection;
type Operation = mongo.AnyBulkWriteOperation;

/** A write that was rejected for good; the others of its batch were made. */
export class WriteRefused extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'WriteRefused';
    this.failure = failure;
  }
}

interface Waiting<T> {
  readonly write: T;
  resolve(): void;
  reject(reason: unknown): void;
}

export interface BulkQueue<T> {
  /** Throws WriteRefused if this write can't be made, `not-ready` if it could be later, and otherwise the error of the batch. */
  add(write: T): Promise<void>;
}

/**
 * Inserts. `placeOf` is the order in which documents are written. Each document has its own `_id`, which tells our write, if its response
 * was lost, from someone else's.
 */
export const createInsertQueue = (collection: NativeCollection, presence: Presence, placeOf: (document: mongo.Document) => string): BulkQueue<mongo.Document> =>
  createQueue(async (documents) => {
    const operations = documents.map((document) => ({ insertOne: { document } }));
    await presence.here();
    try {
      return await send(collection, presence, operations);
    } catch (thrown) {
      if (!isCutOff(thrown)) throw thrown;
      await presence.here().catch(() => {
        // Unlike a first attempt, this one may have been made.
        throw thrown;
      });
      const failures = await send(collection, presence, operations);
      return withoutOwn(collection, documents, failures);
    }
  }, placeOf);

/** Updates whose outcome is not needed. They are not repeated: a repeated update could undo a later one. */
export const createUpdateQueue = (
  collection: NativeCollection,
  presence: Presence,
): BulkQueue<{ readonly id: string; readonly filter: mongo.Document; readonly update: mongo.Document }> =>
  createQueue(
    async (updates) => {
      await presence.here();
      return send(
        collection,
        presence,
        updates.map(({ filter, update }) => ({ updateOne: { filter, update } })),
      );
    },
    ({ id }) => id,
  );

/** Sends a batch. Returns the rejected writes by index. */
const send = async (collection: NativeCollection, presence: Presence, operations: Operation[]): Promise<Map<number, Failure>> => {
  try {
    await presence.whileHere(withinTime(ANSWER_MS, collection.bulkWrite(operations, { ordered: false })));
    return new Map();
  } catch (thrown) {
    if (!(thrown instanceof mongoose.mongo.MongoBulkWriteError)) throw thrown;
    // Written, but not by as many servers as required: it may still be lost.
    const unsafe = thrown.result.getWriteConcernError();
    if (unsafe) throw notReady(unsafe);
    const refused = [thrown.writeErrors].flat();
    // The driver wraps errors of the whole batch, for example a broken connection or a missing server.
    if (refused.length === 0) throw thrown.errorResponse instanceof Error ? thrown.errorResponse : thrown;
    return new Map(refused.map((failure) => [failure.index, { code: failure.code, message: failure.errmsg ?? '' }]));
  }
};

/** Removes the writes that were rejected in the second attempt because the first one had made them. */
const withoutOwn = async (
  collection: NativeCollection,
  documents: readonly mongo.Document[],
  failures: Map<number, Failure>,
): Promise<Map<number, Failure>> => {
  const ids = [...failures.keys()].map((place) => documents[place]?._id);
  const own = await collection.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
  const there = new Set(own.map((document) => String(document._id)));
  return new Map([...failures].filter(([place]) => !there.has(String(documents[place]?._id))));
};

type SendBatch<T> = (writes: readonly T[]) => Promise<Map<number, Failure>>;

/** Two concurrent batches with the same records can conflict. The writes that lost are repeated one by one. */
const withoutConflicts = async <T>(sendBatch: SendBatch<T>, writes: readonly T[]): Promise<Map<number, Failure>> => {
  const failures = await sendBatch(writes);
  for (const [place, write] of writes.entries()) {
    for (let tries = 0; tries < MOST_CONFLICTS; tries++) {
      const failure = failures.get(place);
      if (!failure || !isConflict(failure)) break;
      const again = (await sendBatch([write])).get(0);
      if (again) failures.set(place, again);
      else failures.delete(place);
    }
  }
  return failures;
};

const createQueue = <T>(sendBatch: SendBatch<T>, placeOf: (write: T) => string): BulkQueue<T> => {
  let waiting: Waiting<T>[] = [];
  let underWay = 0;
  let scheduled = false;

  const flush = async (): Promise<void> => {
    // All batches use the same order, so two of them with the same records can't deadlock.
    const batch = waiting.slice(0, BATCH_LIMIT).sort((a, b) => compare(placeOf(a.write), placeOf(b.write)));
    waiting = waiting.slice(batch.length);
    underWay++;
    try {
      settle(
        batch,
        await withoutConflicts(
          sendBatch,
          batch.map((entry) => entry.write),
        ),
      );
    } catch (thrown) {
      for (const entry of batch) entry.reject(thrown);
    }
    underWay--;
    schedule();
  };

  const schedule = (): void => {
    if (scheduled || waiting.length === 0 || underWay >= UNDER_WAY) return;
    scheduled = true;
    // Not a microtask: everything from this turn of the event loop shares the batch.
    setImmediate(() => {
      scheduled = false;
      void flush();
      schedule();
    });
  };

  return {
    add: (write) =>
      new Promise((resolve, reject) => {
        waiting.push({ write, resolve, reject });
        schedule();
      }),
  };
};

const compare = (a: string, b: string): number => {
  if (a === b) return 0;
  return a < b ? -1 : 1;
};

const settle = (batch: readonly Waiting<unknown>[], failures: ReadonlyMap<number, Failure>): void => {
  for (const [place, entry] of batch.entries()) {
    const failure = failures.get(place);
    if (failure) entry.reject(isForGood(failure) ? new WriteRefused(failure) : notReady(new Error(failure.message)));
    else entry.resolve();
  }
};
