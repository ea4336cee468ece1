import mongoose, { type Connection, type Model, type mongo } from 'mongoose';
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

/** The indexes of a database by collection, except those of `_id`. A collection that doesn't exist is not in it. */
export type PresentIndexes = ReadonlyMap<string, readonly mongo.IndexDescriptionInfo[]>;

/** Reads the indexes of the models that exist in a database. */
export const readIndexes = async (connection: Connection, models: readonly StoreModel[]): Promise<PresentIndexes> => {
  const there = new Set((await connection.listCollections()).map(({ name }) => name));
  const indexesOf = async ({ collection }: StoreModel) =>
    [collection.collectionName, (await collection.indexes()).filter((index) => index.name !== '_id_')] as const;
  return new Map(await Promise.all(models.filter(({ collection }) => there.has(collection.collectionName)).map(indexesOf)));
};

/** Makes the indexes of a model match their declarations: drops those that differ or are no longer declared, then creates all that are missing at once. */
export const alignIndexes = async ({ schema, collection }: StoreModel, present: PresentIndexes): Promise<void> => {
  const wanted = schema.indexes().map(([key, { name, unique, partialFilterExpression }]) => ({
    key: key as Record<string, 1>,
    name: String(name),
    ...(unique === true && { unique }),
    ...(partialFilterExpression && { partialFilterExpression }),
  }));
  const shapes = new Map(wanted.map((index) => [index.name, shapeOf(index)]));
  const fitting = new Set<string>();
  for (const index of present.get(collection.collectionName) ?? []) {
    const name = String(index.name);
    if (shapes.get(name) === shapeOf(index)) fitting.add(name);
    else await collection.dropIndex(name);
  }
  const missing = wanted.filter(({ name }) => !fitting.has(name));
  if (missing.length > 0) await collection.createIndexes(missing);
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

const shapeOf = ({ key, unique, partialFilterExpression }: { key: object; unique?: unknown; partialFilterExpression?: unknown }): string =>
  JSON.stringify([Object.keys(key), unique === true, partialFilterExpression ?? null]);
