import mongoose, { type Connection, type Model } from 'mongoose';
import type { Collection, Index } from '../port.ts';
import type { SearchIndex } from '../search-index.ts';
import { pathOf } from './filters.ts';

/*
 * One mongoose model for each declared collection, and one for the journal. Reads and writes go to the underlying collections: stored
 * values are encoded by us, and casting would change them (the text `1` is not the number).
 */

const { Schema } = mongoose;
const { Mixed } = Schema.Types;

/** An index as it should be in the database. */
interface WantedIndex {
  readonly name: string;
  readonly key: Record<string, 1>;
  readonly unique: boolean;
  readonly partialFilterExpression?: Record<string, unknown>;
}

export type StoreModel = Model<unknown>;

/** The name of the journal's collection. */
export const JOURNAL = 'journal';
const schemaOptions = { strict: 'throw', id: false, versionKey: false, minimize: false, autoIndex: false, autoCreate: false } as const;

/** The model of a collection, with its indexes. */
export const declareModel = (connection: Connection, { name, indexes, searchIndex }: Collection): StoreModel =>
  withIndexes(
    connection,
    name,
    new Schema({ workspaceId: String, id: String, v: Number, doc: Mixed, by: Mixed, search: String, journal: Mixed }, { ...schemaOptions, collection: name }),
    [{ name: 'id', key: { workspaceId: 1, id: 1 }, unique: true }, ...[...indexes, ...facetIndexes(searchIndex)].map(wantedIndex)],
  );

/** The journal: one document for each append (S15). */
export const declareJournal = (connection: Connection): StoreModel =>
  withIndexes(
    connection,
    JOURNAL,
    new Schema(
      { workspaceId: String, runId: String, seq: Number, epoch: Number, v: Number, events: String, seal: String },
      { ...schemaOptions, collection: JOURNAL },
    ),
    [{ name: 'journal', key: { workspaceId: 1, runId: 1, seq: 1 }, unique: true }],
  );

/** Makes the indexes of a model match their declarations, after dropping those that differ or are no longer declared. */
export const alignIndexes = async (model: StoreModel): Promise<void> => {
  const wanted = model.schema.indexes().map(([key, options]) => ({ key, options }));
  await model.createCollection();
  const present = (await model.collection.indexes()).filter((index) => index.name !== '_id_');
  for (const index of present) {
    const same = wanted.find(({ options }) => options.name === index.name);
    if (!same || shapeOf(same.key, same.options) !== shapeOf(index.key, index)) await model.collection.dropIndex(String(index.name));
  }
  await model.createIndexes();
};

const withIndexes = (connection: Connection, name: string, schema: mongoose.Schema, indexes: readonly WantedIndex[]): StoreModel => {
  for (const { key, ...options } of indexes) schema.index(key, options);
  return connection.model(name, schema) as unknown as StoreModel;
};

/** `workspaceId` first, unless the index spans all workspaces; the ID last, to order ties, unless the index is unique. */
const wantedIndex = ({ name, fields, unique = false, everywhere = false, whereSet }: Index): WantedIndex => ({
  name,
  key: {
    ...(!everywhere && { workspaceId: 1 as const }),
    ...Object.fromEntries(fields.map((field) => [pathOf(field), 1 as const])),
    ...(!unique && { id: 1 }),
  },
  unique,
  // Fields without a value are not stored, see stored-document.ts.
  ...(whereSet !== undefined && { partialFilterExpression: { [pathOf(whereSet)]: { $exists: true } } }),
});

/** Each facet has its own index: here they cost the waiting writer nothing. */
const facetIndexes = (search: SearchIndex | undefined): Index[] =>
  (search?.facets ?? []).map((field) => ({ name: `facet_${field}`, fields: [field, search?.order ?? 'id'] }));

const shapeOf = (key: object, { unique, partialFilterExpression }: { unique?: unknown; partialFilterExpression?: unknown }): string =>
  JSON.stringify([Object.keys(key), unique === true, partialFilterExpression ?? null]);
