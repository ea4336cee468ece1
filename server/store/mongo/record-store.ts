import { AppError } from '@switchyard/shared/errors.ts';
import mongoose, { type mongo } from 'mongoose';
import { cellOf } from '../declared-fields.ts';
import type { Expected, Mark, Query, StoredRecord } from '../port.ts';
import { createInsertQueue, createUpdateQueue, WriteRefused } from './bulk-queue.ts';
import { repeatedOnConflict } from './conflicts.ts';
import { assertFits } from './document-size.ts';
import { expectedFilter, type Filter, findFilter, pathOf, sortOf } from './filters.ts';
import type { StoredRow } from './journal.ts';
import type { StoreModel } from './model.ts';
import { duplicateIndex, type Failure, isDuplicate, isTooLarge, tooLarge } from './mongo-errors.ts';
import type { Presence } from './presence.ts';
import { type Codec, decode, type StoredChange } from './stored-document.ts';

/** The records of one collection. Values are copied before the first wait. */
export interface RecordStore {
  readonly codec: Codec;
  /** `head`: the first row of its run's journal, stored in the same document (S40). */
  insert(record: StoredRecord, head?: StoredRow): Promise<void>;
  /** The head of a run's journal. */
  headOf(workspaceId: string, runId: string): Promise<StoredRow | undefined>;
  /** Replaces the head of a run's journal, or removes it. */
  setHead(workspaceId: string, runId: string, head: StoredRow | undefined): Promise<void>;
  get(workspaceId: string, id: string): Promise<unknown>;
  workspaceOf(field: string, value: string): Promise<string | undefined>;
  /** Returns one record more than `limit` if there are more. */
  find(workspaceId: string, query: Query, limit: number): Promise<unknown[]>;
  count(workspaceId: string, query: Query, atMost: number): Promise<number>;
  update(workspaceId: string, id: string, change: StoredChange, expected?: Expected): Promise<unknown>;
  /** The same, batched with others, for callers that need no result. */
  updateSoon(workspaceId: string, id: string, change: StoredChange, expected?: Expected): Promise<void>;
  clearMarks(workspaceId: string, field: string, marked: readonly Mark[]): Promise<void>;
  delete(workspaceId: string, id: string, expected?: Expected): Promise<boolean>;
}

const DELETE_ATTEMPTS = 5;
const MARKS_AT_ONCE = 1_000;
const DOCUMENT_ALONE = { projection: { _id: 0, doc: 1 } } as const;

/** Opens the records on their model. `version` is the schema's, and is written into each document. */
export const createRecordStore = (
  model: StoreModel,
  codec: Codec,
  { version, presence }: { readonly version: number; readonly presence: Presence },
): RecordStore => {
  const { collection } = model;
  const { name } = codec.collection;
  const inserts = createInsertQueue(collection, presence, ({ id }) => String(id));
  const updates = createUpdateQueue(collection, presence);
  const refusal = createRefusal(collection, codec);

  return {
    codec,
    insert: async (record, head) => {
      const { id, workspaceId } = record;
      const encoded = codec.encode(record);
      assertFits(name, id, [...Object.values(encoded.doc), encoded.search, head?.events]);
      const document = { _id: new mongoose.Types.ObjectId(), workspaceId, id, v: version, ...encoded, ...(head && { journal: head }) };
      await inserts.add(document).catch((thrown: unknown) => refusal(thrown, document));
    },
    get: async (workspaceId, id) => {
      const found = await collection.findOne({ workspaceId: { $eq: workspaceId }, id: { $eq: id } }, DOCUMENT_ALONE);
      return found === null ? undefined : decode(found.doc);
    },
    headOf: async (workspaceId, runId) => {
      const found = await collection.findOne({ workspaceId: { $eq: workspaceId }, id: { $eq: runId } }, { projection: { _id: 0, journal: 1 } });
      return (found?.journal ?? undefined) as StoredRow | undefined;
    },
    setHead: async (workspaceId, runId, head) => {
      const filter = { workspaceId: { $eq: workspaceId }, id: { $eq: runId }, journal: { $exists: true } };
      await repeatedOnConflict(() => collection.updateOne(filter, head ? { $set: { journal: head } } : { $unset: { journal: '' } }));
    },
    workspaceOf: async (field, value) => {
      const found = await collection.findOne({ [pathOf(field)]: { $eq: value } }, { projection: { _id: 0, workspaceId: 1 } });
      return found === null ? undefined : String(found.workspaceId);
    },
    find: async (workspaceId, query, limit) => {
      const found = await collection
        .find(findFilter(workspaceId, query), projectionOf(query))
        .sort(sortOf(query))
        .limit(limit + 1)
        .toArray();
      return found.map((document) => decode(document.doc));
    },
    count: (workspaceId, query, atMost) => collection.countDocuments(findFilter(workspaceId, query), { limit: atMost }),
    update: async (workspaceId, id, change, expected) => {
      assertFits(name, id, Object.values(change.$set));
      await presence.here();
      try {
        const filter = expectedFilter(workspaceId, id, expected);
        const updated = await repeatedOnConflict(() => collection.findOneAndUpdate(filter, { ...change }, { ...DOCUMENT_ALONE, returnDocument: 'after' }));
        return updated === null ? undefined : decode(updated.doc);
      } catch (thrown) {
        return refusal(thrown, { workspaceId, id, ...change });
      }
    },
    updateSoon: async (workspaceId, id, change, expected) => {
      assertFits(name, id, Object.values(change.$set));
      await updates
        .add({ id, filter: expectedFilter(workspaceId, id, expected), update: { ...change } })
        .catch((thrown: unknown) => refusal(thrown, { workspaceId, id, ...change }));
    },
    clearMarks: async (workspaceId, field, marked) => {
      await presence.here();
      await unsetMarks(collection, workspaceId, field, marked);
    },
    delete: async (workspaceId, id, expected) => {
      await presence.here();
      const filter = expectedFilter(workspaceId, id, expected);
      // A delete may miss a record that is being changed at the same moment.
      for (let attempt = 1; attempt <= DELETE_ATTEMPTS; attempt++) {
        if ((await repeatedOnConflict(() => collection.deleteOne(filter))).deletedCount > 0) return true;
        if ((await collection.countDocuments(filter, { limit: 1 })) === 0) return false;
      }
      throw new AppError('revision-conflict', `Record “${id}” is being changed by others. Try again.`);
    },
  };
};

async function unsetMarks(collection: mongoose.Collection, workspaceId: string, field: string, marked: readonly Mark[]): Promise<void> {
  const path = pathOf(field);
  for (let from = 0; from < marked.length; from += MARKS_AT_ONCE) {
    const some = marked.slice(from, from + MARKS_AT_ONCE);
    const values = [...new Set(some.map(({ value }) => value))];
    const filter = { workspaceId: { $eq: workspaceId }, id: { $in: some.map(({ id }) => id) }, [path]: { $in: values } };
    await repeatedOnConflict(() => collection.updateMany(filter, { $unset: { [path]: '', [`doc.${field}`]: '' } }));
  }
}

/** Only the requested fields, and what a page needs. */
const projectionOf = ({ fields, order }: Query) => {
  if (!fields) return DOCUMENT_ALONE;
  const read = ['id', 'workspaceId', ...fields, ...(order && cellOf(order.field) === undefined ? [order.field] : ['cells'])];
  return { projection: { _id: 0, ...Object.fromEntries(read.map((field) => [`doc.${field}`, 1])) } };
};

type Written = { readonly workspaceId: string; readonly id: string } & ({ readonly by: Record<string, unknown> } | StoredChange);

/** Explains why a write was rejected: by which unique index, or because it is too large. */
const createRefusal =
  (collection: mongoose.Collection, { collection: declared }: Codec) =>
  async (thrown: unknown, written: Written): Promise<never> => {
    const failure = failureOf(thrown);
    if (failure === undefined) throw thrown;
    if (isTooLarge(failure)) throw tooLarge(declared.name, written.id, thrown);
    if (!isDuplicate(failure)) throw thrown;
    const index = duplicateIndex(failure) ?? (await searchDuplicate(collection, declared.indexes, written));
    throw new AppError('already-exists', `“${declared.name}” already has a record with the same ${index === 'id' ? 'ID' : `“${index}”`} as “${written.id}”.`, {
      details: { index },
      cause: thrown,
    });
  };

const failureOf = (thrown: unknown): Failure | undefined => {
  if (thrown instanceof WriteRefused) return thrown.failure;
  return thrown instanceof mongoose.mongo.MongoServerError ? { code: thrown.code, message: thrown.message } : undefined;
};

/** Finds the conflicting record if the server doesn't name the index. */
const searchDuplicate = async (collection: mongoose.Collection, indexes: Codec['collection']['indexes'], written: Written): Promise<string> => {
  const { workspaceId, id } = written;
  const present = 'by' in written ? undefined : await collection.findOne({ workspaceId: { $eq: workspaceId }, id: { $eq: id } }, { projection: { by: 1 } });
  const wanted = (field: string): unknown => ('by' in written ? written.by[field] : (written.$set[pathOf(field)] ?? present?.by?.[field]));
  for (const index of indexes.filter((candidate) => candidate.unique)) {
    const same: Filter = Object.fromEntries(index.fields.map((field) => [pathOf(field), { $eq: wanted(field) ?? null }]));
    const where = index.everywhere ? {} : { workspaceId: { $eq: workspaceId } };
    const other: mongo.Document | null = await collection.findOne({ ...where, id: { $ne: id }, ...same }, { projection: { _id: 1 } });
    if (other !== null) return index.name;
  }
  return 'id';
};
