import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@switchyard/shared/errors.ts';
import mongoose, { type Connection, type ConnectOptions } from 'mongoose';
import { databaseOf, placeOf } from './mongo-address.ts';
import { isAway, isRefused } from './mongo-errors.ts';

/** How long an operation looks for a server before it fails. */
const FIND_SERVER_MS = 3_000;
/** A server that keeps a connection open but never responds counts as unavailable. */
const SILENCE_MS = 20_000;
const MAJORITY_MS = 8_000;
/** How often the driver checks the server. It learns of a broken connection at once, and of a silent server after this and `FIND_SERVER_MS`. */
const HEARTBEAT_MS = 500;
/** Many processes may share a server. */
const SHARED_HEARTBEAT_MS = 4_000;
const TRY_AGAIN_MS = 1_000;
const SAY_AGAIN_MS = 30_000;

const OPTIONS: ConnectOptions = {
  appName: 'switchyard',
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: MAJORITY_MS },
  readConcern: { level: 'majority' },
  readPreference: 'primary',
  serverSelectionTimeoutMS: FIND_SERVER_MS,
  connectTimeoutMS: FIND_SERVER_MS,
  socketTimeoutMS: SILENCE_MS,
  waitQueueTimeoutMS: SILENCE_MS,
  maxPoolSize: 50,
  // A crash would lose writes that wait in memory for a server.
  bufferCommands: false,
  autoIndex: false,
  autoCreate: false,
};

/** Connects. If no server responds, says so and waits. Throws AppError `not-ready` if the URL or the password is wrong. */
export const connect = async (uri: string, say: (line: string) => void, isShared = false): Promise<Connection> => {
  const heartbeatFrequencyMS = isShared ? SHARED_HEARTBEAT_MS : HEARTBEAT_MS;
  let saidAt: number | undefined;
  for (;;) {
    const connection = mongoose.createConnection();
    try {
      await connection.openUri(uri, { ...OPTIONS, heartbeatFrequencyMS, dbName: databaseOf(uri) });
      assertDurable(connection);
      if (saidAt !== undefined) say(`MongoDB at ${placeOf(uri)} responds. Continuing.`);
      return connection;
    } catch (thrown) {
      await connection.close(true);
      if (!isAway(thrown)) throw explain(uri, thrown);
      if (saidAt === undefined || performance.now() - saidAt > SAY_AGAIN_MS) {
        saidAt = performance.now();
        say(`MongoDB at ${placeOf(uri)} doesn’t respond: ${messageOf(thrown)}. Waiting for it. Check that it is running and that MONGODB_URI is right.`);
      }
      await pause(TRY_AGAIN_MS);
    }
  }
};

/** Warns that several processes depend on a database without a member that could take over. */
export const warnOfSingleServer = async (connection: Connection, uri: string, say: (line: string) => void): Promise<void> => {
  const hello = await connection.db?.admin().command({ hello: 1 });
  if (hello?.setName !== undefined || hello?.msg === 'isdbgrid') return;
  say(
    `MongoDB at ${placeOf(uri)} is a single server, not a replica set. If it fails, all processes wait for it, and if its disk is lost, so is everything since the last backup.`,
  );
};

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

const explain = (uri: string, thrown: unknown): AppError => {
  if (thrown instanceof AppError) return thrown;
  const what = isRefused(thrown)
    ? `MongoDB at ${placeOf(uri)} rejected the username or password. Check both in MONGODB_URI`
    : `MONGODB_URI is invalid: ${messageOf(thrown)}. Use a URL like mongodb://name:password@host:27017/switchyard`;
  return new AppError('not-ready', `${what}.`, { cause: thrown });
};

/** Options in the URI can weaken ours: acknowledged writes could then be lost. */
const assertDurable = (connection: Connection): void => {
  const concern = connection.getClient().options.writeConcern;
  if (concern?.w === 'majority' && concern.journal !== false) return;
  throw new AppError('not-ready', 'MONGODB_URI sets a weaker write concern than Switchyard needs. Remove w and journal from it.');
};
