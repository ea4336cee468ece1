import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import type { Connection } from 'mongoose';
import { allCollections } from '../collections.ts';
import { checkDirectory } from '../declared-fields.ts';
import type { Collection, Store, StoreReader, WorkspaceStore } from '../port.ts';
import { connect, warnOfSingleServer } from './connect.ts';
import { withinTime } from './deadline.ts';
import { type InstallationLease, type LeaseHolder, takeLease } from './installation-lease.ts';
import { createJournal, type Heads } from './journal.ts';
import { assertSameSchema, type Kept, MONGO_MIGRATIONS, type MongoMigration, migrate, newestVersion, schemaCollection } from './migrations.ts';
import { declareJournal, declareModel, JOURNAL } from './model.ts';
import { isAway, translateMongoError } from './mongo-errors.ts';
import { createWorkspaceStore, type MongoParts } from './mongo-workspace.ts';
import { type Presence, watchPresence } from './presence.ts';
import { createRecordStore } from './record-store.ts';
import { codecOf } from './stored-document.ts';
import { usageOf } from './usage.ts';

/*
 * The storage port on MongoDB, with mongoose. Owns: the connection, the schema, the batches. Does not own: what is in a record, and that
 * only one installation uses a database (installation-lease.ts).
 * Invariants: 1. A write is acknowledged by the majority and journaled before its promise resolves, and reads see only such writes. 2. No
 * transaction, change stream, or TTL: each write is to one document. 3. Values are never where the database expects operators or paths.
 */

/** Longer than everything an operation normally waits for, including a second attempt. */
const OPERATION_MS = 25_000;

export interface MongoOptions {
  readonly uri: string;
  readonly collections?: readonly Collection[];
  readonly migrations?: readonly MongoMigration[];
  /** Told when the database is missing at startup, and when it is back. */
  readonly say?: (line: string) => void;
  /** Keeps other processes out of the database while the store is open. */
  readonly holder?: LeaseHolder;
  /** Opens the store read-only: its schema is checked, not migrated. */
  readonly reads?: boolean;
}

/** Opens a database for reading while servers write to it. Throws AppError `not-ready` if its schema is not of this version. */
export const openMongoReader = (uri: string, say: (line: string) => void): Promise<StoreReader> => openMongoStore({ uri, say, reads: true });

/** Waits for the database, migrates its schema, and returns the store. Throws AppError `not-ready` with advice. */
export const openMongoStore = async (options: MongoOptions): Promise<Store> => {
  const { uri, collections = allCollections, migrations = MONGO_MIGRATIONS, say = () => undefined, holder } = options;
  const isShared = typeof holder?.installation === 'object';
  const connection = await connect(uri, say, isShared);
  const presence = watchPresence(connection.getClient());
  const kept = collections.map((collection) => ({ model: declareModel(connection, collection), codec: codecOf(collection) }));
  const journal = declareJournal(connection);
  let lease: InstallationLease | undefined;
  try {
    if (isShared) await warnOfSingleServer(connection, uri, say);
    lease = holder && (await takeLease(connection, uri, holder, say));
    if (options.reads) await assertSameSchema(connection, uri, migrations);
    else await migrate(connection, uri, { kept, journal }, migrations);
  } catch (thrown) {
    await lease?.release();
    await connection.close(true);
    // It became unavailable again, so wait for it again.
    if (isAway(thrown)) return openMongoStore(options);
    throw translateMongoError(thrown);
  }
  const work = createWork(presence);
  const records = recordStores(kept, { version: newestVersion(migrations), presence });
  return storeOver({ connection, presence, lease, work }, { journal: createJournal(journal, presence, headsIn(records)), records, ...work });
};

const recordStores = (kept: readonly Kept[], more: { readonly version: number; readonly presence: Presence }): MongoParts['records'] =>
  new Map(kept.map(({ model, codec }) => [codec.collection.name, createRecordStore(model, codec, more)]));

/** The heads of journals in the records of their runs. */
const headsIn = (records: MongoParts['records']): Heads => {
  const holding = () => [...records.values()].filter(({ codec }) => codec.collection.holdsJournal);
  return {
    of: async (workspaceId, runId) => {
      for (const record of holding()) {
        const head = await record.headOf(workspaceId, runId);
        if (head) return head;
      }
      return undefined;
    },
    set: async (workspaceId, runId, head) => {
      for (const record of holding()) await record.setHead(workspaceId, runId, head);
    },
  };
};

interface Opened {
  readonly connection: Connection;
  readonly presence: Presence;
  readonly lease: InstallationLease | undefined;
  readonly work: Work;
}

const storeOver = ({ connection, presence, lease, work }: Opened, parts: MongoParts): Store => {
  const workspaces = new Map<string, WorkspaceStore>();
  return {
    in: (workspaceId) => {
      const known = workspaces.get(workspaceId) ?? createWorkspaceStore(parts, workspaceId);
      workspaces.set(workspaceId, known);
      return known;
    },
    workspaceOf: (collection, field, value) =>
      parts.reading(async () => {
        checkDirectory(collection, field);
        return parts.records.get(collection.name)?.workspaceOf(field, value);
      }),
    ready: () =>
      // After a failed write, only another write can tell whether the next would succeed.
      work.writeFailed() ? work.writing(() => presence.here().then(() => touch(connection))) : work.reading(() => touch(connection, 'read')),
    usage: () => work.reading(() => usageOf(connection, [...parts.records.keys()], JOURNAL)),
    close: async () => {
      await work.finish();
      await lease?.release();
      // Operations still open have been abandoned.
      await connection.close(true);
    },
  };
};

const touch = async (connection: Connection, how: 'read' | 'write' = 'write'): Promise<void> => {
  const schema = schemaCollection(connection);
  if (how === 'read') await schema.findOne({}, { projection: { version: 1 } });
  else await schema.updateOne({}, { $set: { checkedAt: new Date() } });
};

interface Work {
  reading<T>(operation: () => Promise<T>): Promise<T>;
  writing<T>(operation: () => Promise<T>): Promise<T>;
  /** The last write failed because the database was not ready. */
  writeFailed(): boolean;
  /** Rejects new work, and waits for pending work. */
  finish(): Promise<void>;
}

/** Tracks pending work. */
const createWork = (presence: Presence): Work => {
  const underWay = new Set<Promise<unknown>>();
  let closed = false;
  let failed = false;

  const run = async <T>(operation: () => Promise<T>): Promise<T> => {
    if (closed) throw new AppError('not-ready', 'The database is closed: the server is shutting down.');
    const running = withinTime(OPERATION_MS, operation());
    underWay.add(running);
    try {
      return await running;
    } catch (thrown) {
      throw translateMongoError(thrown);
    } finally {
      underWay.delete(running);
    }
  };

  return {
    reading: (operation) => run(() => presence.here().then(() => presence.whileHere(operation()))),
    // Writes wait for the server themselves, after copying their values.
    writing: async (operation) => {
      try {
        const result = await run(operation);
        failed = false;
        return result;
      } catch (thrown) {
        failed = isAppError(thrown, 'not-ready');
        throw thrown;
      }
    },
    writeFailed: () => failed,
    finish: async () => {
      closed = true;
      await Promise.allSettled(underWay);
    },
  };
};
