import { AppError } from '@switchyard/shared/errors.ts';
import type mongoose from 'mongoose';
import type { Connection, mongo } from 'mongoose';
import { alignIndexes, readIndexes, type StoreModel } from './model.ts';
import { placeOf } from './mongo-address.ts';
import { type Codec, decode } from './stored-document.ts';

/*
 * Brings a database to the newest schema. There are no transactions over many documents. So each document has the version it was written
 * under, and an interrupted step continues where it stopped: documents of its version are left unchanged.
 */

/** One step forward. Indexes of collections follow their declarations automatically. Only `rewrite` may change records. */
export interface MongoMigration {
  readonly version: number;
  readonly title: string;
  /** By collection: returns the new record. Called once for each existing record. */
  readonly rewrite: Readonly<Record<string, (record: Record<string, unknown>) => Record<string, unknown>>>;
}

/** In order, never changed once released. */
export const MONGO_MIGRATIONS: readonly MongoMigration[] = [];

/** The version of a new database. */
const FIRST = 1;
const BATCH = 200;
/** The collection that records the database's schema version. */
export const SCHEMA = 'schema';
const ONE = 'installation';

interface SchemaDocument {
  readonly _id: string;
  readonly version: number;
  /** By collection: the fields that its documents copy for the indexes. */
  readonly layouts: Record<string, string>;
}

export interface Kept {
  readonly model: StoreModel;
  readonly codec: Codec;
}

export const newestVersion = (migrations: readonly MongoMigration[]): number => migrations.at(-1)?.version ?? FIRST;

/** The collection with the schema version. */
export const schemaCollection = (connection: Connection): mongoose.Collection<SchemaDocument> => connection.collection<SchemaDocument>(SCHEMA);

/** Brings records, copies, and indexes up to date. Rejects a database of a newer version. */
export const migrate = async (
  connection: Connection,
  uri: string,
  parts: { readonly kept: readonly Kept[]; readonly journal: StoreModel },
  migrations: readonly MongoMigration[],
): Promise<void> => {
  const schema = schemaCollection(connection);
  const newest = newestVersion(migrations);
  const found = await schema.findOne({ _id: ONE });
  const present = found?.version ?? FIRST;
  if (present > newest) {
    throw new AppError(
      'not-ready',
      `The database ${placeOf(uri)} was written by a newer version of Switchyard (schema ${present}, this version supports ${newest}). Start the newer version, or set MONGODB_URI to another database.`,
    );
  }
  const indexes = await readIndexes(connection, [parts.journal, ...parts.kept.map(({ model }) => model)]);
  await alignIndexes(parts.journal, indexes);
  const layouts = Object.fromEntries(parts.kept.map(({ codec }) => [codec.collection.name, layoutOf(codec)]));
  for (const kept of parts.kept) {
    const { name } = kept.codec.collection;
    if (indexes.has(name)) await bringForward(kept, migrations, { version: newest, copiesFit: found?.layouts[name] === layouts[name] });
    await alignIndexes(kept.model, indexes);
  }
  await schema.updateOne({ _id: ONE }, { $set: { version: newest, layouts } }, { upsert: true });
};

/** Rejects a database that this version would migrate, and one without an installation. */
export const assertSameSchema = async (connection: Connection, uri: string, migrations: readonly MongoMigration[]): Promise<void> => {
  const found = await schemaCollection(connection).findOne({ _id: ONE });
  if (!found) throw new AppError('not-found', `No installation found in ${placeOf(uri)}.`);
  if (found.version === newestVersion(migrations)) return;
  throw new AppError(
    'not-ready',
    `The database ${placeOf(uri)} was written by another version of Switchyard (schema ${found.version}, this version uses ${newestVersion(migrations)}). Use that version, or start this one once.`,
  );
};

const layoutOf = ({ fields, collection }: Codec): string =>
  JSON.stringify([[...fields].sort(), collection.searchIndex ?? collection.searchField ?? null, ...(collection.hasCells ? ['cells'] : [])]);

const bringForward = async (
  { model, codec }: Kept,
  migrations: readonly MongoMigration[],
  target: { readonly version: number; readonly copiesFit: boolean },
): Promise<void> => {
  const outdated = target.copiesFit ? { v: { $lt: target.version } } : {};
  const cursor = model.collection.find(outdated, { batchSize: BATCH }).sort({ _id: 1 });
  let batch: mongo.AnyBulkWriteOperation[] = [];
  const write = async (): Promise<void> => {
    if (batch.length > 0) await model.collection.bulkWrite(batch, { ordered: false });
    batch = [];
  };
  for await (const document of cursor) {
    batch.push({ replaceOne: { filter: { _id: document._id, v: document.v }, replacement: rewritten(codec, migrations, document, target.version) } });
    if (batch.length === BATCH) await write();
  }
  await write();
};

const rewritten = (codec: Codec, migrations: readonly MongoMigration[], document: mongo.Document, version: number): mongo.Document => {
  let record = decode<Record<string, unknown>>(document.doc);
  for (const migration of migrations) {
    const change = migration.version > document.v ? migration.rewrite[codec.collection.name] : undefined;
    if (change) record = change(record);
  }
  return { workspaceId: document.workspaceId, id: document.id, v: version, ...codec.encode(record) };
};
