import { setImmediate } from 'node:timers';
import mongoose, { type mongo } from 'mongoose';
import { withinTime } from './deadline.ts';
import { type Failure, isConflict, isCutOff, isForGood, notReady } from './mongo-errors.ts';
import type { Presence } from './presence.ts';

/*
 * Group commit. Owns: the batches of writes to one collection. Invariants: 1. What comes up in one turn of the event loop goes as one
 * unordered batch; while several are on their way, what comes up meanwhile shares the next. 2. A promise resolves only after
 * its write was acknowledged by the majority, in the journal. 3. Each write fails alone, unless the batch as a whole is not known to be safe.
 */

/** So many writes go in one batch at most. */
const BATCH_LIMIT = 512;
/** So many batches of a collection are on their way at once. */
const UNDER_WAY = 4;
/** So often a write goes again that lost against another. */
const MOST_CONFLICTS = 5;
/** A batch that takes longer is given up, and its place is free for another. */
const ANSWER_MS = 10_000;

type NativeCollection = mongoose.Collection;
type Operation = mongo.AnyBulkWriteOperation;

/** A write that was refused for good; the others of its batch were made. */
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
  /** Throws WriteRefused when this write cannot be made, `not-ready` when it could be later, else what the batch failed with. */
  add(write: T): Promise<void>;
}

/** Inserts. `placeOf` is the order in which documents are written. Each document carries an `_id` of its own, which tells a write of ours, whose answer was lost, from one of somebody else. */
export const createInsertQueue = (collection: NativeCollection, presence: Presence, placeOf: (document: mongo.Document) => string): BulkQueue<mongo.Document> =>
  createQueue(async (documents) => {
    const operations = documents.map((document) => ({ insertOne: { document } }));
    await presence.here();
    try {
      return await send(collection, presence, operations);
    } catch (thrown) {
      if (!isCutOff(thrown)) throw thrown;
      await presence.here().catch(() => {
        // Unlike a first try, this one may have been made.
        throw thrown;
      });
      const failures = await send(collection, presence, operations);
      return withoutOwn(collection, documents, failures);
    }
  }, placeOf);

/** Updates whose outcome nobody asks for. They are not repeated: made twice, one could undo what came between. */
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

/** Sends a batch; answers the writes that were refused by their place in it. */
const send = async (collection: NativeCollection, presence: Presence, operations: Operation[]): Promise<Map<number, Failure>> => {
  try {
    await presence.whileHere(withinTime(ANSWER_MS, collection.bulkWrite(operations, { ordered: false })));
    return new Map();
  } catch (thrown) {
    if (!(thrown instanceof mongoose.mongo.MongoBulkWriteError)) throw thrown;
    // Written, but not by as many servers as promised: it may be lost yet.
    const unsafe = thrown.result.getWriteConcernError();
    if (unsafe) throw notReady(unsafe);
    const refused = [thrown.writeErrors].flat();
    // The driver wraps what happened to the batch as a whole: a connection that broke, a server that is not there.
    if (refused.length === 0) throw thrown.errorResponse instanceof Error ? thrown.errorResponse : thrown;
    return new Map(refused.map((failure) => [failure.index, { code: failure.code, message: failure.errmsg ?? '' }]));
  }
};

/** Of the writes refused in a second try, those that the first one had made are none. */
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

/** Two batches at once can be in each other's way where both have the same records. What lost goes again, each alone. */
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
    // In one order in all batches, so that of two that hold the same records neither has what the other waits for.
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
    // Not a microtask: everything that arrived in this turn of the event loop shall share the batch.
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
